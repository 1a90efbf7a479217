"""Copies of public registers, kept to check credentials against."""
