"""Suggestions while the reader types."""
