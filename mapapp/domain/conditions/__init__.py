"""The catalogue of conditions."""
