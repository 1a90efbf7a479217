"""Wiring: settings, URLs, WSGI. Nobody imports it."""
