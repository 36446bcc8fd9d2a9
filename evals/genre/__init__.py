"""Genres of plots: every model on held-out rows and overviews, and the service under load."""
