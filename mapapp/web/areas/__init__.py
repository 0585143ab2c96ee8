"""Shapes of areas as files, and towns to choose from."""
