"""What the project's own make targets run; none of it is installed with the program."""
