"""What curators meet over HTTP: submissions, their state, and the forms to contribute."""
