"""Steering a run over its topic ``control``: who proposes, who answers, and what the log says was decided."""
