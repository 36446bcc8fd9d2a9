"""Turns IMDb's files into an index (``python -m indexer``) and opens one (``indexer.index.Index``)."""
