"""Providers, listings, credentials, and the search that matches them."""
