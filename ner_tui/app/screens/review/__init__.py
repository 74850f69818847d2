"""The review screen, its parts by family of keys."""
