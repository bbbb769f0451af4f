"""The caseload: every complaint and case as one line, by which lists show, filter, sort and count.

A line is worked out from the records it tells of, in the transaction that changes them, and can be
worked out again at any time. Nothing is ever decided from a line.
"""
