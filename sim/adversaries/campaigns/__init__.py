"""Campaigns, one a file: who posts what together, and when."""
