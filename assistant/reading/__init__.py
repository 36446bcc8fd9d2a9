"""A question to its Reading: what it says, as data."""
