"""The office's lists: what can go wrong where, the standards, severity, modalities, clocks.

Each is a readable file in `lists/` with a version; rows point at the version they were chosen
from. What nobody has verified says so, and pages show it as an unverified default.
"""
