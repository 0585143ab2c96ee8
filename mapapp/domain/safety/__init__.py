"""Cases, holds, reading limits, helplines, and the words they look for."""
