"""Contact requests, conversations, messages, blocks and wishes."""
