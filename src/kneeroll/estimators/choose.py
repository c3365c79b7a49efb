"""From the name of a network to the network."""

from __future__ import annotations

from kneeroll.estimators import Estimator
from kneeroll.networks import DEFAULT, Network


def load(network: Network = DEFAULT) -> Estimator:
    """The network, ready to see. Takes about a second; only what is asked for is imported."""
    if network is Network.BLAZEPOSE:
        from kneeroll.estimators.blazepose import BlazePose

        return BlazePose()
    from kneeroll.estimators.lying import Lying

    return Lying()
