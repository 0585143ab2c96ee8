"""What programs may read: the public API, and the page that explains it."""
