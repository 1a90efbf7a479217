"""NUCC: the names of the taxonomy codes, from the host's own copy."""
