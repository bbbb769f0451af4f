"""By what right somebody acts for another, what people have consented to, and who of them disagree.

The law lets others act only for who has died or cannot act, or whom they represent: s.9(3) of the 1993
Act. What is recorded here is computed into facts and shown; whether somebody may act, a person decides. Withdrawn,
replaced or over, it stays.
"""
