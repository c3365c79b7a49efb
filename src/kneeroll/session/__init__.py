"""The one fold: frames -> poses -> readings -> signals -> coach -> events. Live, replay and study all run this."""

from kneeroll.session.fold import Session, Step

__all__ = ["Session", "Step"]
