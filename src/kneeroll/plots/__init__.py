"""Pictures: a value in, a picture out."""
