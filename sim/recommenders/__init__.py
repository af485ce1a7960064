"""Who answers a slate request, one policy a file."""
