"""Shapes of requests and answers, one kind of service a file."""
