"""Errors in gold annotations: where they may be, how likely each is, and why; of words, spans and chances."""
