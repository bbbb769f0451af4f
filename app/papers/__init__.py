"""What came with a complaint, before there is a case: kept as it came, shown to no organisation.

Once a case is open, somebody enters in its evidence what belongs there.
"""
