"""Contacts that are no complaint yet: who called, what was said, and how it was put into writing (s.9(2)).

An enquiry that becomes a complaint is counted as that complaint from then on, and never twice.
"""
