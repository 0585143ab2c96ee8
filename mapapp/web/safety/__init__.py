"""Who may be named on a page."""
