"""The pages of `docs/reference/` that are written from the vocabulary, the shapes, the records and the program itself."""
