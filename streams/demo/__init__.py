"""The demonstration: every role at once, against an embedded broker, ended by a table that proves what happened."""
