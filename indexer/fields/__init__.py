"""One field model per kind of column."""
