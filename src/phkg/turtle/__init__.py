"""Turtle as people write it: reading with positions and comments, locating, and one canonical form."""
