"""What is said to have gone wrong (issues) and at whose door it is laid (allegations).

The law tests every allegation on its own, and so does the initial check. Failure codes are
provisional until an investigation confirms them; what was coded before stays in the record.
"""
