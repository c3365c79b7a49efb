"""What a recording amounts to. Pure."""

from kneeroll.analysis.summary import summarise

__all__ = ["summarise"]
