"""The rooms composed into one process: pages and SPARQL on one address, kept up to date with the files."""
