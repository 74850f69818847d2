"""Records: JSON objects, one a document or a sentence."""
