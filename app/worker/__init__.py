"""The worker: what is done after the answer has gone. It calls actions, as views do.

huey carries nudges; it may lose them. The rows of each kind of work (see `kinds`) are the truth, and a
sweep every minute nudges again whatever waits or was left in the middle.
"""
