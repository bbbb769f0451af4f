"""Who may take which decisions for somebody who may: named, from a day, and until it is withdrawn.

What follows from these rows is decided in `policy`, and nowhere here.
"""
