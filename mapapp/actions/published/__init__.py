"""Reading what the public may see: listings and numbers of areas."""
