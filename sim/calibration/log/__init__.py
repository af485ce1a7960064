"""Logs: who did what when, how two logs differ, and the scenario that gives a log like another."""
