"""Who watches: population, taste, sessions, choice, watching, return."""
