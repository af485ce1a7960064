"""Judging a recommender by the log of a run that another one served."""
