"""Freshness: links that confirm, reminders, reports of problems, and how accurate all of it is."""
