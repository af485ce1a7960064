"""Mess: what really happens to records on their way, planted and labelled."""
