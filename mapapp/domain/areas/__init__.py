"""The area tree, shapes and towns; the door by which a coordinate becomes a zone."""
