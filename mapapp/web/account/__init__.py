"""Sign-in, account, consents, people cared for, the yearly check."""
