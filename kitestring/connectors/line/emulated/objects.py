"""What LINE looks at in message objects, and the errors it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kitestring.connectors.line.emulated.answers import wrong

LETTERS, OBJECTS, ADDRESS = 5000, 5, 2000


def looked_over(messages: Any) -> list[dict[str, Any]]:
    """The messages as they are. Raises Refused(400) with every error found."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= OBJECTS:
        raise wrong(("messages", f"Size must be between 1 and {OBJECTS}"))
    found = [error for number, one in enumerate(messages) for error in _errors(f"messages[{number}]", one)]
    if found:
        raise wrong(*found)
    return list(messages)


def _errors(place: str, one: Any) -> Iterator[tuple[str, str]]:
    kind = one.get("type") if isinstance(one, dict) else None
    if kind == "text":
        text = one.get("text")
        if not isinstance(text, str) or not text.strip():
            yield f"{place}.text", "May not be empty"
        elif len(text.encode("utf-16-le", "surrogatepass")) // 2 > LETTERS:
            yield f"{place}.text", f"Length must be between 0 and {LETTERS}"
    elif kind in ("image", "video"):
        for name in ("originalContentUrl", "previewImageUrl"):
            if not _address(one.get(name)):
                yield f"{place}.{name}", "Must be a valid HTTPS URL"
    else:
        yield f"{place}.type", "Must be one of the following values: [text, image, video]"


def _address(told: Any) -> bool:
    """https; a loopback address stands for what an operator has put before this server."""
    if not isinstance(told, str) or not told or len(told) > ADDRESS:
        return False
    return told.startswith(("https://", "http://127.0.0.1:", "http://localhost:"))
