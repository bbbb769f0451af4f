"""Queues: what may come back today, and what waits for others. A way of looking at rows of other rooms.

A kind of thing that waits is a line in `kinds`; lists and counts follow.
"""
