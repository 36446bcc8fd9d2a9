"""The learned part of the reader: slots found by a small tagger, meanings by the nearest known shapes."""
