"""The JSON interface, and public numbers in words."""
