"""The page and its server, on 127.0.0.1 alone."""
