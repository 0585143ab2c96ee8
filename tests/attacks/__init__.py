"""Attacks: each plays somebody who wants to know a secret, and says how often they were right."""
