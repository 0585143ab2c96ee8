"""Pseudonyms of members, and the states of contact requests between them."""
