"""Small tools that any project could use unchanged."""
