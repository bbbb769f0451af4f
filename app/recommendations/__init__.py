"""What we ask of whom, by when, and what will show that it was done; to its closure on evidence.

The organisation agrees or disputes, and submits evidence; the office accepts or rejects the
evidence. No organisation can close its own recommendation.
"""
