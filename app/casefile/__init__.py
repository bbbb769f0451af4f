"""The case file: what is kept beside a complaint and its case, from the day it is logged.

Notes that stay as they were written, links to other complaints, proceedings elsewhere and the stays
that follow from them, and who opened it and why.
"""
