"""Stepwell past one machine, for real, on loopback: run by hand with `make scale`."""
