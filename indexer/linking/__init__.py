"""Finding the titles and people a query row speaks of: lexical and dense candidates, weighed field by field."""
