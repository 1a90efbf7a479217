"""The terminal's door: the `stepwell` command."""
