"""How it looks and reads."""
