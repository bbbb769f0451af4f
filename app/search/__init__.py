"""Search: what is said in complaints, found again by its words, and people by how their names sound.

What is indexed follows from the records, in the transaction that changes them. Words are cut and
folded here, in one way for both databases; the databases only look them up.
"""
