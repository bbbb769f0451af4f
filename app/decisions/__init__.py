"""From findings to a decision: provisional views, the parties' comments, approval by another person.

A decision that is approved is frozen with its hash, and its recommendations are issued with it.
"""
