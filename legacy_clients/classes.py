"""What server and client agree on: the routes, their parameters, and the six genres behind the numbers."""

from __future__ import annotations

ROUTE = "/small_bert/get_probabilities"
PARAMETER = "processed_description"
MODEL_ROUTE = "/model"
GENRES = ("drama", "documentary", "comedy", "horror", "action", "western")
HOST = "127.0.0.1"
PORT = 5000
MAX_CHARACTERS = 20_000  # of a plot
MAX_NAME = 200  # characters of a title's or person's name
MAX_BODY = 256 * 1024  # bytes: the longest plot with every letter escaped
