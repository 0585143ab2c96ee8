"""Questions, editorial answers, posts and treatments."""
