"""Whether a project file holds together, and making its state again from its journal."""
