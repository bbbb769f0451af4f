"""Persons: one record each, whatever they are in whichever complaint. Most never sign in."""
