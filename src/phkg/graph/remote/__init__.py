"""A snapshot in a SPARQL 1.1 store elsewhere: published to it, followed there, and read from it piece by piece."""
