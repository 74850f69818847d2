"""The project file: one SQLite database with documents, decisions, suggestions and the journal of edits."""
