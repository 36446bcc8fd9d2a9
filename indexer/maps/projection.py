"""Vectors in two dimensions."""

from __future__ import annotations

import numpy as np

from indexer.vectors import Rows

NEIGHBOURS = 15
_LEAST = 2 * NEIGHBOURS  # points below which UMAP has no neighbourhoods to keep


def project(rows: Rows, seed: int) -> tuple[Rows, str]:
    """(N, 2) float32 of (N, D) unit rows, and how it was made.

    UMAP (McInnes et al. 2018) on cosine distances, from a start by principal components: the same picture
    for the same rows and seed on one machine. Fewer than 30 rows are shown by their principal components.
    """
    if len(rows) < _LEAST:
        return _principal(rows), "principal components"
    from umap import UMAP

    model = UMAP(
        n_neighbors=NEIGHBOURS, min_dist=0.2, metric="cosine", init="pca", random_state=seed, n_jobs=1
    )
    found: Rows = model.fit_transform(rows).astype(np.float32)
    return found, f"UMAP of {NEIGHBOURS} neighbours by cosine"


def _principal(rows: Rows) -> Rows:
    found = np.zeros((len(rows), 2), np.float32)
    if len(rows):
        left, sizes, _ = np.linalg.svd(rows - rows.mean(0), full_matrices=False)
        shown = min(2, len(sizes))
        found[:, :shown] = left[:, :shown] * sizes[:shown]
    return found
