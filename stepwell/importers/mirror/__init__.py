"""Loads copies of registers into their tables."""
