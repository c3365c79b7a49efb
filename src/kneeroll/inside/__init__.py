"""What a stretch did inside the body: muscles as lines on a spine of 17 joints, and what the legs' weight did to it. Pure.

>>> from kneeroll.poses import Side
>>> change = lengthening(Angles(twist_deg=-30.0, swing_deg=-30.0))  # knees to the right
>>> tuck, drop = change.of("external_oblique", Side.LEFT)
>>> f"{drop:+.0f} %"
'+9 %'
"""

from kneeroll.inside.chain import STRAIGHT, Angles
from kneeroll.inside.claims import Claim, Look, Standing, claims
from kneeroll.inside.statics import Load, load_taken, on_cushion, told_cushions
from kneeroll.inside.stretch import IN_VITRO, IN_VIVO, Lengthening, lengthening
from kneeroll.inside.view import Band, Change, Inside, Tissue, look_inside

__all__ = [
    "IN_VITRO",
    "IN_VIVO",
    "STRAIGHT",
    "Angles",
    "Band",
    "Change",
    "Claim",
    "Inside",
    "Lengthening",
    "Load",
    "Look",
    "Standing",
    "Tissue",
    "claims",
    "lengthening",
    "load_taken",
    "look_inside",
    "on_cushion",
    "told_cushions",
]
