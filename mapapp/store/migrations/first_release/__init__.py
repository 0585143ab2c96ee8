"""The tables of the first release, by subject. A released step is never changed."""
