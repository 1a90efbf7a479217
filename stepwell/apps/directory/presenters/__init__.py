"""Rows turned into what the room's pages show: one module per page, words shared. No queries."""
