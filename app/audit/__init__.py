"""The record: what was done, by whom, when and to which complaint; and who looked.

`record` writes what was done, in the transaction that does it, as one chain for the whole office.
The access log, beside it, says who opened, searched or was refused what. Both are append-only in
the database. Receipts remember which form has already been answered.
"""
