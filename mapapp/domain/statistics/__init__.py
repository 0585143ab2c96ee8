"""The table of an export and its codebook."""
