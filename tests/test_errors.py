"""The tree of errors is drawn as it is."""

from __future__ import annotations

import re

from kneeroll import errors


def test_the_drawn_tree_has_every_error_in_order() -> None:
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert drawn == [
        name for name, error in vars(errors).items() if isinstance(error, type) and error is not errors.KneerollError
    ]
