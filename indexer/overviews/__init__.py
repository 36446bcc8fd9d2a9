"""Plot texts as unit vectors, through BERT encoders."""
