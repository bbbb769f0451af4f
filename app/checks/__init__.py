"""The initial check: the tests of the law, asked of each allegation by itself, and what a person decides.

What the rules compute is shown with its rule and calendar. None of it decides anything.
"""
