"""The load test of a moderation service: labelled texts, known shapes, and what the verdicts are worth."""
