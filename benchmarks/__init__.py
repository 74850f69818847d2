"""Programs that print the figures this project promises, each on data whose path is an argument."""
