"""From ticks to delivered records: pacing, delivery, sinks."""
