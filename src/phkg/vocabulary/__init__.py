"""The namespaces and terms that the program itself relies on."""
