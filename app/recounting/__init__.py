"""What runs in working days, counted again when the office counts days otherwise. A way of looking, and one action.

Whoever puts a version of the calendar in force is shown before what it moves, and by that decides it. What is
met or over stays as it was counted, and so does a day that somebody has set by hand.
"""
