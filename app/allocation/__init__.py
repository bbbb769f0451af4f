"""Several cases given to investigators at once, seen beforehand and undone for a day afterwards.

Each case is given by the one action that gives cases, and has its own entry in the record.
"""
