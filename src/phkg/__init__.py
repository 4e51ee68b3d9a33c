"""A knowledge graph and registry of how health-care methods are introduced, region by region."""

__version__ = "0.1.0"
