"""The vocabulary: texts, tokens, spans, labels, schemes, edits, suggestions. Frozen values and pure functions."""
