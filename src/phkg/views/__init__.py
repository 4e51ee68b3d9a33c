"""What a page shows, as plain frozen data: one module per kind of page, each built from one snapshot."""
