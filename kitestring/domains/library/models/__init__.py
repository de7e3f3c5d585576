"""Files and what was made from them."""

from kitestring.domains.library.models.asset import Asset
from kitestring.domains.library.models.rendition import Rendition

__all__ = ["Asset", "Rendition"]
