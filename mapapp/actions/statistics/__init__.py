"""Exports and their files."""
