"""The registry folder: which files there are, and what can be wrong with a file before its Turtle is read."""
