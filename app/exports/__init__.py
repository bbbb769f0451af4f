"""Exports: a list as a file. CSV flows out as it is read; a spreadsheet is made by the worker.

An export is its maker's alone, holds what its maker may see, and is gone after two days. No cell of
it is ever a formula.
"""
