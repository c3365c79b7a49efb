"""The one fold: frames -> poses -> readings -> signals -> coach -> events. Live, replay and study all run this."""

from kneeroll.session.fold import ENGINE, NO_CAMERA, Session, Step
from kneeroll.session.replay import replay

__all__ = ["ENGINE", "NO_CAMERA", "Session", "Step", "replay"]
