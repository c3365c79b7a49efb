"""The networks that read a picture, by name. Loads none of them."""

from __future__ import annotations

from enum import StrEnum


class Network(StrEnum):
    """Which network finds the landmarks."""

    LYING = "lying"
    """kneeroll's own, trained on people who lie down."""
    BLAZEPOSE = "blazepose"
    """MediaPipe's, trained on people who stand and sit: to compare with; needs the extra `blazepose`."""


DEFAULT = Network.LYING
"""The one that measures best on clips with known joints: docs/network.md."""
