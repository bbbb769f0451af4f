"""Serious concerns about what is outside our scope: a restricted record, and what a manager does about it.

Known only to who recorded it, to managers and to those who are named. It is in no search, list or file of
anybody else. Telling others under s.15 of the 1993 Act is not built yet: it comes with a path of its own.
"""
