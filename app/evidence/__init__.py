"""Documents: kept byte for byte under their hash from receipt, with where they came from, who may
see them, and which allegation each bears upon.
"""
