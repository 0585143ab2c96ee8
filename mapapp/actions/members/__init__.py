"""Placing, visibility, profile, near me and its alerts."""
