"""Paint a person out of a picture, so that another one is found. Pure."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from kneeroll.anatomy import BODY
from kneeroll.poses import Pixels, PoseFrame

LIMB_SHARE = 0.13
"""Width of a painted limb as a share of the person's size in the picture."""


def without(image: Pixels, pose: PoseFrame) -> Pixels:
    """A copy of the picture in which this person is painted over with the picture's middle colour."""
    points = [(float(x), float(y)) for x, y in pose.image_px]
    width = max(int(LIMB_SHARE * float(np.hypot(*np.ptp(pose.image_px, axis=0)))), 2)
    silhouette = Image.new("L", (image.shape[1], image.shape[0]))
    pen = ImageDraw.Draw(silhouette)
    for a, b in BODY.bone_indices:
        pen.line([points[a], points[b]], fill=255, width=width)
    for x, y in points:
        pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    pen.polygon([points[i] for i in BODY.indices("left_shoulder", "right_shoulder", "right_hip", "left_hip")], fill=255)
    covered = np.asarray(silhouette) > 0
    painted = image.copy()
    painted[covered] = np.median(image[~covered], axis=0).astype(np.uint8) if not covered.all() else 128
    return painted
