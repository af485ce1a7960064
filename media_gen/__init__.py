"""The studio: a media spec in, a rendition (bytes and ground truth) out. Pure: no network, no wall clock."""
