"""What server and client agree on: the route, its parameter, and the six genres behind the numbers."""

from __future__ import annotations

ROUTE = "/small_bert/get_probabilities"
PARAMETER = "processed_description"
GENRES = ("drama", "documentary", "comedy", "horror", "action", "western")
HOST = "127.0.0.1"
PORT = 5000
MAX_CHARACTERS = 20_000
