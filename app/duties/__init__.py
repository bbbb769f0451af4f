"""Who may not, who may instead, and who alone: conflicts of interest, absence and cover, named access.

What follows from these rows is decided in `policy`, and nowhere here.
"""
