"""Staff pages, pages about the site, health, search engines."""
