"""The editors' page for imports: upload, look, say yes, undo. Works without JavaScript."""
