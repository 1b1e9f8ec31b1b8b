"""Real implementations: what they are, how they are installed, and how they are asked."""
