"""Redaction before disclosure: marks with their reasons, and copies made of nothing but the pages as they look.

What is under a mark is burned away in the picture of the page before the copy is made of it. The original stays.
"""
