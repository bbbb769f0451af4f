"""Images of hospitals: which patient, study and series each file belongs to, and whether that patient is ours.

What the headers say is kept as they say it. Whether it agrees with the person affected is worked out when asked:
a person's details may be put right later. What differs is held until somebody has decided, with reasons.
"""
