"""What can be done on the mat: one TOML file a movement, read and checked here. Pure values in and out.

>>> SHIPPED[DEFAULT].hold_s
20.0
"""

from kneeroll.movements.cushion import HEIGHTS_CM, Cushion
from kneeroll.movements.movement import (
    DEFAULT,
    SHIPPED,
    Breath,
    Judge,
    Kind,
    Movement,
    Position,
    Sides,
    catalogue,
    parse_movement,
    read_movement,
    read_own,
)

__all__ = [
    "DEFAULT",
    "HEIGHTS_CM",
    "SHIPPED",
    "Breath",
    "Cushion",
    "Judge",
    "Kind",
    "Movement",
    "Position",
    "Sides",
    "catalogue",
    "parse_movement",
    "read_movement",
    "read_own",
]
