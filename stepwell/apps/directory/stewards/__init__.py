"""The stewards' side of the directory: what they look at, and what they decide."""
