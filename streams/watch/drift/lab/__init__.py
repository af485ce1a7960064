"""The drift lab: every detector on every planted shift, in the real world, without Kafka."""
