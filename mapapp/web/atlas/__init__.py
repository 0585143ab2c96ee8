"""The pages of maps: the world map of a condition, its files, and ways to show it elsewhere."""
