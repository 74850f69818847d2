"""The tables of a project file: their definition, their triggers, their versions."""
