"""Pictures of the world. Knows areas and numbers, and has never heard of members."""
