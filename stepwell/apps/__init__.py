"""The rooms: each owns its tables, pages and words."""
