"""The case: a complaint we have taken on. Where it stands, who has it, and every way it may move on.

A case begins at primary investigation and keeps the reference the complaint was given.
"""
