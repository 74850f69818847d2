"""Annotation: suggestions, decisions and the edits between them."""
