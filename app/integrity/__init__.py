"""Whether what is stored is what was received: hashed again, taken away as a bag, backed up and put back.

What must be in the store is found by asking the tables, so that a later room need not say that it keeps files.
"""
