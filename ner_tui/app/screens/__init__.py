"""Screens: they compose the widgets and turn keys and messages into session calls."""
