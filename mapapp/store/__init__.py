"""Rows. Knows neither Flask nor what the rows are for."""
