"""The second engine of the search: sorted columns on disk, shared by all processes."""
