"""Human Services Data Specification 3.x."""
