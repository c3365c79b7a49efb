"""What travels from the camera to the angles. Pure values: frozen, arrays read-only, a unit in every name.

NaN is "not seen"; zero is a measurement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Flag, StrEnum, auto

import numpy as np
from numpy.typing import NDArray

from kneeroll.anatomy import Skeleton

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]


class Side(StrEnum):
    """A side of the person, never of the picture."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        return Side.RIGHT if self is Side.LEFT else Side.LEFT

    @property
    def sign(self) -> int:
        """+1 for left, -1 for right: the sign of an angle toward that side."""
        return 1 if self is Side.LEFT else -1


class View(StrEnum):
    """Where the camera stands, seen from the person who lies down."""

    QUARTER_FOOT = "quarter_foot"
    QUARTER_HEAD = "quarter_head"
    SIDE = "side"
    ABOVE = "above"
    HEAD_END = "head_end"
    FOOT_END = "foot_end"


class Surface(StrEnum):
    """What the person lies on."""

    FLOOR = "floor"
    BED = "bed"


class Aim(StrEnum):
    """What to do with the camera. Left and right as the camera looks, up and down in its picture."""

    LEFT = "turn_left"
    RIGHT = "turn_right"
    UP = "tilt_up"
    DOWN = "tilt_down"
    BACK = "move_back"
    CLOSER = "move_closer"


class Quality(Flag):
    """Reasons to doubt a frame. Empty (`Quality.GOOD`) means none."""

    GOOD = 0
    NO_PERSON = auto()
    NOT_LYING = auto()
    FEET_OUT_OF_FRAME = auto()
    OUT_OF_FRAME = auto()
    IMPLAUSIBLE_LIMBS = auto()
    JUMPED = auto()
    SIDES_SWAPPED = auto()
    VIEW_UNSUPPORTED = auto()
    NOT_CALIBRATED = auto()
    POOR_FIT = auto()
    CAMERA_MOVED = auto()
    TOO_DARK = auto()

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons as lower-case words, in a fixed order."""
        return tuple(q.name.lower() for q in Quality if q in self and q.name is not None)


def _frozen(array: Floats, shape: tuple[int, ...], name: str) -> Floats:
    array = np.array(array, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; expected {shape}")
    array.flags.writeable = False
    return array


DARK_LEVEL = 60
"""Of 255; the lightest spots of rooms, photographs and clips that were looked at are at 117 or more."""


@dataclass(frozen=True, slots=True)
class CameraFrame:
    """One picture and when it was taken. Never stored.

    t_s: seconds from the start of the stream. image: (H, W, 3) uint8, RGB.
    """

    t_s: float
    image: Pixels = field(repr=False)

    def __post_init__(self) -> None:
        if self.image.ndim != 3 or self.image.shape[2] != 3 or self.image.dtype != np.uint8:
            raise ValueError(f"image must be (H, W, 3) uint8 RGB, not {self.image.shape} {self.image.dtype}")

    @property
    def width_px(self) -> int:
        return int(self.image.shape[1])

    @property
    def height_px(self) -> int:
        return int(self.image.shape[0])

    @property
    def is_dark(self) -> bool:
        """Whether even the lightest spots (all but a hundredth is darker) are too dark to make anybody out."""
        return bool(np.percentile(self.image[::8, ::8], 99) < DARK_LEVEL)


@dataclass(frozen=True, slots=True)
class PoseFrame:
    """Landmarks of one person in one picture.

    image_px: (K, 2) x right, y down, from the top left corner; NaN where not seen.
    position_m: (K, 3) the network's own 3-D guess, origin mid-hip, camera axes (x right, y down, z away), or NaN.
    spread_px: (K,) by how much the network thinks that each landmark is off along either axis, or NaN if it does not say.
    dark: nobody looked, because the picture was too dark.
    """

    t_s: float
    width_px: int
    height_px: int
    image_px: Floats
    position_m: Floats
    spread_px: Floats
    skeleton: Skeleton
    dark: bool = False

    def __post_init__(self) -> None:
        k = len(self.skeleton.landmarks)
        object.__setattr__(self, "image_px", _frozen(self.image_px, (k, 2), "image_px"))
        object.__setattr__(self, "position_m", _frozen(self.position_m, (k, 3), "position_m"))
        object.__setattr__(self, "spread_px", _frozen(self.spread_px, (k,), "spread_px"))

    @property
    def has_person(self) -> bool:
        return bool(np.isfinite(self.image_px).any())

    @classmethod
    def empty(cls, t_s: float, width_px: int, height_px: int, skeleton: Skeleton, *, dark: bool = False) -> PoseFrame:
        """A frame in which nobody was seen."""
        k = len(skeleton.landmarks)
        px, metres, spread = np.full((k, 2), np.nan), np.full((k, 3), np.nan), np.full(k, np.nan)
        return cls(t_s, width_px, height_px, px, metres, spread, skeleton, dark)


ANGLES = ("knee_drop_deg", "pelvis_roll_deg", "thorax_roll_deg", "trunk_twist_deg", "hip_swing_deg")
MEASURES = (*ANGLES, "shoulder_lift_m")
"""What is measured with a standard error."""


@dataclass(frozen=True, slots=True)
class BodyState:
    """The angles of one moment: rotations about the body's long axis from the person's own start position.

    Degrees, + toward the person's left; `shoulder_lift_m` is the height of the higher shoulder above its start.
    `errors` holds a standard error for each of `MEASURES` (same units).
    `knees_apart_deg` is the angle between the two thighs across the body; `feet_moved_m` how far the feet slid.
    """

    t_s: float
    knee_drop_deg: float
    pelvis_roll_deg: float
    thorax_roll_deg: float
    shoulder_lift_m: float
    knees_apart_deg: float
    feet_moved_m: float
    errors: tuple[float, ...]
    quality: Quality

    @property
    def trunk_twist_deg(self) -> float:
        return self.pelvis_roll_deg - self.thorax_roll_deg

    @property
    def hip_swing_deg(self) -> float:
        return self.knee_drop_deg - self.pelvis_roll_deg

    @property
    def seen(self) -> bool:
        return bool(np.isfinite(self.knee_drop_deg))

    def error(self, measure: str) -> float:
        """The standard error of one of `MEASURES`."""
        return self.errors[MEASURES.index(measure)]

    @classmethod
    def unseen(cls, t_s: float, quality: Quality) -> BodyState:
        nan = float("nan")
        return cls(t_s, nan, nan, nan, nan, nan, nan, (nan,) * len(MEASURES), quality)


LEG_ANGLES = ("left_hip_flexion_deg", "right_hip_flexion_deg", "left_knee_flexion_deg", "right_knee_flexion_deg")


@dataclass(frozen=True, slots=True)
class Legs:
    """How far each leg is bent, in the order of `LEG_ANGLES`, with a standard error for each (degrees); NaN where not seen.

    Hip flexion: the thigh above the line from the hip to the feet, in the plane along the body; 0 flat on the floor, 90 straight
    up, more toward the chest. Knee flexion: 0 straight.
    """

    t_s: float
    angles_deg: tuple[float, ...]
    errors_deg: tuple[float, ...]

    @property
    def seen(self) -> bool:
        return bool(np.isfinite(self.angles_deg[0]))

    @classmethod
    def unseen(cls, t_s: float) -> Legs:
        nan = (float("nan"),) * len(LEG_ANGLES)
        return cls(t_s, nan, nan)


class Posture(StrEnum):
    """What the person is doing, as far as the picture tells."""

    NOBODY = "nobody"
    UPRIGHT = "upright"
    LYING = "lying"
    START = "start"
    """On the back, knees up: the start position, not yet learned."""
    KNOWN = "known"
    """The start position has been learned; angles are measured from it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What kinematics says about one frame: the body, the place of the camera, and what to change.

    view: where the camera stands; None while nobody knows.
    blockers: why nothing can be measured, as lower-case words (`no_person`, `not_lying`, `feet_out_of_frame`,
    `view_unsupported`, ...); empty when all is well.
    hands_up: the hands that have been up, toward the ceiling, for a second.
    legs: hip and knee of each leg, where they were asked for.
    aim: what to do with the camera so that the whole body is in its picture; None where nothing is needed.
    pause_s: in a hold, seconds since the last breath; None where that cannot be told.
    """

    t_s: float
    state: BodyState
    posture: Posture
    view: View | None
    blockers: tuple[str, ...]
    hands_up: tuple[Side, ...] = ()
    aim: Aim | None = None
    legs: Legs | None = None
    pause_s: float | None = None

    @property
    def tells_hands(self) -> bool:
        """Whether a raised hand would be told: not from straight above, where it points into the lens, nor from behind the head,
        from where a hand that holds a knee looks like one."""
        return self.state.seen and self.view not in (View.ABOVE, View.HEAD_END)


@dataclass(frozen=True, slots=True)
class Breaths:
    """The breaths that were seen from when to when; `tops_s`: when each was deepest."""

    from_s: float
    until_s: float
    tops_s: tuple[float, ...]
