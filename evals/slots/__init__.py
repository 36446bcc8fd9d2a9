"""How well slots are tagged: a tagger of its own for each tagged set, none of which is shipped."""
