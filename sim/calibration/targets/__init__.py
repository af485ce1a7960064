"""Published statistics that the shipped profiles are held to, each with its source."""
