"""Titles and people in one space: towers, loss, credit pairs, training."""
