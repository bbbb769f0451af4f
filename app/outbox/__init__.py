"""The outbox: what the service writes to people, as rows in the transaction of what it writes about.

Nothing leaves before its reason is committed, and nothing that was committed is forgotten. The worker
sends; a message sent twice after a crash bears the same Message-ID, by which mail programs show it once.
"""
