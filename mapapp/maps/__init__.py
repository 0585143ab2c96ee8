"""Maps and pictures of the world. Knows areas and numbers, but nothing about members."""
