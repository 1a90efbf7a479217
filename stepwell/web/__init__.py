"""People's door: pages that join rooms, middleware, error pages."""
