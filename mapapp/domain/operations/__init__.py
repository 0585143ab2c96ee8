"""Whose work the site is built on."""
