"""The terminal app: the only package that knows Textual. It translates keys and messages into session calls."""
