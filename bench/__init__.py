"""Measurements, run by hand: each figure stands beside a named peer or limit of the same run."""
