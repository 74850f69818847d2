"""Patterns: what people know to be entities, from files of terms and rules, as a suggestion source."""
