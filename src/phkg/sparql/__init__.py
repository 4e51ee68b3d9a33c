"""The public SPARQL endpoint: queries of strangers, run in processes that can be killed."""
