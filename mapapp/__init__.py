"""A community map for people who live with a medical condition."""

__version__ = "0.1.0"
