"""How likely a finding is right: signals -> a calibrated chance -> said, asked back or kept."""
