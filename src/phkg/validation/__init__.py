"""Checking of the files of a registry: the program's own file checks, SHACL by an engine behind a small adapter, findings with positions."""
