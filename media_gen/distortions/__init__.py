"""Distortions: what happens to pictures and sounds on their way, or is done to them so that nobody recognises them."""
