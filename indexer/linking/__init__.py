"""Finding the titles and people a query row means: lexical and dense candidates, weighed by field."""
