"""Lags, one family of distributions a file: how long accounts wait before they follow."""
