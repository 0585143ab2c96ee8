"""Browsing and searching the conditions of a site."""
