"""Estimators of a policy's value from another policy's log, one a file."""
