"""A voice for browsers that have none."""
