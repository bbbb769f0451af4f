"""The organisations a complaint can be about or a recommendation be made to.

Most come from the national register (ODS), which gives every one a code that is never reused;
others are entered by hand. What each was called on which day is kept.
"""
