"""LEIE: the US list of excluded individuals and entities."""
