"""What a user would pick instead, one peer a file."""
