"""What each part brings: the joint space trained without it, and linking with its weight set to 0."""
