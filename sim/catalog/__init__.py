"""What there is to watch and hear: birth, regional launch, popularity."""
