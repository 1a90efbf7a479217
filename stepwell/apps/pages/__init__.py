"""The page store: public pages as they were made, and what each was made from."""
