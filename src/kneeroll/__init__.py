"""kneeroll: a coach by ear for the lumbar rotation stretch. Importing it opens nothing and starts nothing."""

__version__ = "0.1.0"
