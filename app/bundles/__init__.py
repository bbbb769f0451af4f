"""Bundles: the documents of a case as one PDF with numbered pages and an index, for an adviser or a party.

A bundle is its maker's alone and is gone after two days, like an export; that it was made, for whom, and of which
documents by their hashes, stays in the record.
"""
