"""Who signs in: the office's staff and the liaison officers of organisations; their roles and sessions.

A person who complains, or whom a complaint is about, is not an account: see people.
"""
