"""For all tests: one thread of linear algebra, so that the same numbers come out bit for bit."""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
