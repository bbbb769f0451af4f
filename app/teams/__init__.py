"""Teams of the office's staff: who is in which, from when until when, and who leads it.

Somebody is in one team at a time. Which one is told by the memberships; its name also stands on the account,
where lists ask for it, and is written there by this room alone.
"""
