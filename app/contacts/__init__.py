"""Whom to write to at an organisation: officials by their posts, from a day and until one.

They are for the office alone: no organisation sees another's, nor its own.
"""
