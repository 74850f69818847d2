"""Standoff annotation: spans of a text given by their offsets."""
