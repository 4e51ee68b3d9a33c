"""What follows from the words of the sources: pure functions over plain data, without any knowledge of RDF."""
