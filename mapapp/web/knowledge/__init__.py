"""Conditions and what is known about them, for readers, editors and search engines."""
