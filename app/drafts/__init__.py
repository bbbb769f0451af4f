"""What somebody has typed into a form and not sent yet: kept while they type, and read by nobody else.

A draft is no casework: it is in no list, search, count or record but its owner's own list.
"""
