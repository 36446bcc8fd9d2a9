"""Finding the titles and people that a query row speaks of: lexical and dense candidates, weighed field by field."""
