"""Genre, rating and similar titles."""
