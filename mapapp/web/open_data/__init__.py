"""What programs may read: the public API with the page that explains it, and OGC API – Features."""
