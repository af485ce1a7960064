"""Verdict policies, one a file: what is taken down when no classifier is asked."""
