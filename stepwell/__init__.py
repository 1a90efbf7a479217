"""Stepwell: software with which an organisation runs a mental health network."""

__version__ = "0.1.0"
