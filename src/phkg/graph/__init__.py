"""The queryable snapshot: compile the files, derive what follows from them, open it, and follow changes."""
