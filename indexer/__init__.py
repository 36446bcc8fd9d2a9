"""Turns IMDb's files into an index, and opens one: catalogue, vectors, field models, joint space, linking."""

import os

# Idle OpenMP threads spin for long by default, which slows torch several times over beside other work on the
# machine. Sleeping at once slows several threads on a quiet one; a tenth of a millisecond of spinning costs
# neither much. It has to be said before torch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "30000")
