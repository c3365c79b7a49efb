"""For all tests: one thread of linear algebra, so that the same numbers come out bit for bit, and the same examples each time.

`pytest --hypothesis-profile=default` draws new examples: to look for what the kept ones do not show.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.load_profile("same")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that several workers end at the same time."""
    items.sort(key=lambda item: "/web/" not in str(item.path))
