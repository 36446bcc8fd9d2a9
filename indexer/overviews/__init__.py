"""Plot texts as unit vectors, through BERT encoders."""

from indexer.overviews.cache import encode_overviews as encode_overviews
from indexer.overviews.encoder import Encoder as Encoder
