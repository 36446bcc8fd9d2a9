"""IMDb's files, overviews, downloads and the bundled sample, read as raw rows."""
