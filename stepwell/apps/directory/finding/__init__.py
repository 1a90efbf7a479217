"""Finding: the listings that fit, best first, with all that is counted on the way."""
