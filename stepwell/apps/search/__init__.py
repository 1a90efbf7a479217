"""The index that readers search: what is in it, how it is asked, how it is kept."""
