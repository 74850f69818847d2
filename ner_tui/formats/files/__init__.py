"""Files: bytes, encodings, paths, and writing that is whole or not at all."""
