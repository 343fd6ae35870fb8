"""Versions of analyses that a question does not need, and so does not load."""

# Of :mod:`index.indicators`: to be raised with every change to what the ledger holds.
INDICATORS = 4
