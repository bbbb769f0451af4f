"""What we ask of organisations for the evidence: item by item, until each is here or explained.

A request is made under s.12 of the 1993 Act. What does not come is chased, then warned of, and in the end put to
the ombudsman, who may certify it to the High Court under s.13.
"""
