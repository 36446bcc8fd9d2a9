"""One small model per kind of column: what it says as features, as a vector, and as a likelihood."""
