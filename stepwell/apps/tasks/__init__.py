"""Regular work: what is due, done once, by whichever process comes first."""
