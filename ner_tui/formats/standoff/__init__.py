"""Standoff: labelled stretches of a text given by their offsets."""
