"""Turns IMDb's files into an index, and opens one: catalogue, vectors, field models, joint space, linking."""

import os

# Idle OpenMP threads spin by default: beside other work on the machine that slows torch several times over.
# It has to be said before torch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
