"""Text to figures: printed quantities, where they stand, and what they commit to. Imports nothing of rvdata."""
