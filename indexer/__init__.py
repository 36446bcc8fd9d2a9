"""Turns IMDb's files into an index, and opens one: ``python -m indexer --help``, ``indexer.index.Index.open()``."""
