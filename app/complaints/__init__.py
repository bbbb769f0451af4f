"""What people bring: who complains, of what, and what they want; its reference and its clocks.

Most complaints never become a case. The reference given at receipt is the one the case keeps.
"""
