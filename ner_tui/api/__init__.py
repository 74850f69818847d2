"""The Python API behind ``import ner_tui``: values that people hold, and the functions that the commands stand on too.

What is public is listed in ``ner_tui/__init__.py``, which imports a module of this package when a name of it is asked
for first.
"""
