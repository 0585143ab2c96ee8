"""Questions, editorial answers, posts, treatments and feeds."""
