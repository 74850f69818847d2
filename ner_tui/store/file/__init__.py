"""The project file as a file: its connection, its creation, its lock, and what a stranger's may not do."""
