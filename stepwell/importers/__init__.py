"""Files' door: what comes in from other systems."""
