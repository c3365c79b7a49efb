"""Words that stand wherever something is shown. English; `_(words)` for another language."""

from __future__ import annotations

from kneeroll.poses import View

DISCLAIMER = "Not a medical device; not for diagnosis, treatment or monitoring of disease or injury."
VIEWS = {
    View.QUARTER_FOOT: "camera: from an angle at the foot side",
    View.QUARTER_HEAD: "camera: from an angle at the head side",
    View.SIDE: "camera: from the side",
    View.ABOVE: "camera: from above",
    View.HEAD_END: "camera: from the head end",
    View.FOOT_END: "camera: from the foot end",
    None: "camera: not known",
}
