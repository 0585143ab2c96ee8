"""Email addresses as they are stored, and the wordings of consents."""
