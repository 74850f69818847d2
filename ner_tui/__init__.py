"""ner-tui: review, correct and export named entities in a terminal."""

__version__ = "0.1.0"
