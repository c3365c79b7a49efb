"""For all tests: one thread of linear algebra, so that the same numbers come out bit for bit, and the same examples each time.

`pytest --hypothesis-profile=default` draws new examples: to look for what the kept ones do not show.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.load_profile("same")
