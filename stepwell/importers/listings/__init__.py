"""Plain CSV with a mapping file."""
