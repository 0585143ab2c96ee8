"""Contact requests, conversations and wishes."""
