"""The joint space against its baselines: held-out credits found again among all candidates."""
