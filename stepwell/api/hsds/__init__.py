"""The HSDS 3.1 door."""
