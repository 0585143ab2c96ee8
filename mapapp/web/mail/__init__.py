"""Forms by which a member agrees."""
