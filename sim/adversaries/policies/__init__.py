"""Policies, one a file, with their texts beside them: what platforms forbid, in safe proxies."""
