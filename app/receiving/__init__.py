"""Deliveries: what came together, from whom, by which channel, what its label says is in it and what was
found; and the files of it on their way to us, in parts.
"""
