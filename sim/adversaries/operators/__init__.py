"""Text operators, one a file: how a post is disguised."""
