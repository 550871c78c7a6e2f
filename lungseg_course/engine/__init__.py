"""What a mistake is, how it is recognised, and how it is told."""
