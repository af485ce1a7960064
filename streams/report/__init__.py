"""Reports that people read: one HTML file each, with its charts inside, for light and dark screens."""
