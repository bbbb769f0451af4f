"""What we find on each allegation.

What happened, what should have happened, the gap, whether it is a failing, the injustice: each
finding rests on evidence and on the standards in force on the day. The outcome of an allegation
and of a case is derived from findings and never typed.
"""
