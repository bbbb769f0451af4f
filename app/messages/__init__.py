"""Messages of hospital systems: what they say, and the rows of a timeline they propose.

A message is a document like any other. What it says happened is only ever proposed: a person accepts each row, with
the examination it belongs to, or dismisses it with a reason. A message that came before proposes nothing, and one
whose patient differs from the person affected is held until somebody has decided whose it is.
"""
