"""The numbers of a condition, for everybody."""
