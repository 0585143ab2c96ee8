"""What the public may read: numbers, the order of lists, and what a card says."""
