"""Transfer: what goes into a project and out of it, and from file to file with a model between."""
