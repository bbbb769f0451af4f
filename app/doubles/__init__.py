"""Whether somebody, or something, is here already: asked before it is saved, and mended when it was missed.

We find who may be meant, and say why. Whether it is they, a named person says.
"""
