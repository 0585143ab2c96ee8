"""Making a site, the demo, imports, upkeep, and what staff look after."""
