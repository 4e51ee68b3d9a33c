"""What curators and reviewers need: what a change means."""
