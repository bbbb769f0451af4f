"""By what right somebody acts for another, and what people have consented to. Withdrawn or replaced, it stays.

The law lets others act only for who has died or cannot act, or whom they represent: s.9(3) of the 1993
Act. What is recorded here is computed into facts and shown; whether somebody may act, a person decides.
"""
