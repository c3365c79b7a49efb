"""From the name of a network to the network."""

from __future__ import annotations

from importlib.util import find_spec

from kneeroll.errors import MissingNetwork
from kneeroll.estimators import Estimator
from kneeroll.networks import DEFAULT, Network


def has_blazepose() -> bool:
    """Whether MediaPipe is installed."""
    return find_spec("mediapipe") is not None


def load(network: Network = DEFAULT) -> Estimator:
    """The network, ready to see. Takes about a second; only what is asked for is imported. Raises `MissingNetwork`."""
    if network is Network.LYING:
        from kneeroll.estimators.lying import Lying

        return Lying()
    if not has_blazepose():
        raise MissingNetwork("BlazePose is not installed. Add it with: pip install 'kneeroll[blazepose]'")
    from kneeroll.estimators.blazepose import BlazePose

    return BlazePose()
