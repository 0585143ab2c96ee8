"""Reports, cases, decisions."""
