"""Columns: a token a line, in two columns or more, CoNLL-U among them."""
