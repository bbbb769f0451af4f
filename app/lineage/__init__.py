"""What became of organisations: which came from which, and which of our records are one and the same.

An allegation stays against the body that acted. That another took its functions over is shown, and a person
decides what follows from it.
"""
