"""Telling people by e-mail that something waits for them, and never what, nor about whom.

What happens leaves a row for whoever it waits for, in the transaction in which it happens. Urgent things
go out at once; the rest once a day, or as each person has chosen.
"""
