"""How much the library takes."""

from __future__ import annotations

from typing import Final

LARGEST: Final = 200 * 1024 * 1024  # bytes of one file, and (but for what goes around it) of one request
AROUND: Final = 1024 * 1024  # bytes of a form's own words and boundaries
TOO_LARGE: Final = "kitestring.too_large"  # where a request keeps the size that was not taken, in bytes
