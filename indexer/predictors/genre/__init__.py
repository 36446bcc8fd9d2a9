"""Genres of a plot: what is learnt from, models behind one interface, the one that serves."""

from indexer.predictors.genre.metrics import f1 as f1
from indexer.predictors.genre.model import SIX as SIX
from indexer.predictors.genre.model import GenreModel as GenreModel
from indexer.predictors.genre.rows import read_rows as read_rows
from indexer.predictors.genre.training import Beside as Beside
from indexer.predictors.genre.training import train_genre as train_genre
