"""A Reading and linked candidates -> catalogue records."""
