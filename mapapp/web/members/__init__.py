"""The map's pages, places, near me, areas, helplines."""
