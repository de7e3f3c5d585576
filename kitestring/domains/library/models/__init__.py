"""Files, what was made from them, and what has to be made."""

from kitestring.domains.library.models.asset import Asset
from kitestring.domains.library.models.making import Making, MakingState
from kitestring.domains.library.models.rendition import Rendition

__all__ = ["Asset", "Making", "MakingState", "Rendition"]
