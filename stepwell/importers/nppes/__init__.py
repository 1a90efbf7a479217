"""NPPES: the US register of provider numbers, as files."""
