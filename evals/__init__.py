"""Every quality and speed figure that is quoted, with its baselines."""
