"""Evolution: ways to attack that are tried out, selected by the verdicts on them, and changed."""
