"""Queries made to hurt: those that a person can write stand in files, those that are long are made here."""
