"""Letters to the editors: sealed on arrival, read by few, forgotten in time."""
