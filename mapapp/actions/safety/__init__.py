"""Opening cases, restrictions, and counting what a reader reads."""
