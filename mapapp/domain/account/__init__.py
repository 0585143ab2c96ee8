"""Passkeys of a site, and the stages of the yearly check."""
