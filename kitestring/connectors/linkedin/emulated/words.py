"""How LinkedIn reads "little" text: sign by sign, and no further than the first reserved one without its backslash.

Written apart from the connector's own `little`, so that each is tried against the other.
"""

from __future__ import annotations

RESERVED = set("\\|{}@[]()<>#*_~")
TEMPLATE = "{hashtag|"


def read(commentary: str) -> str:
    """What readers see."""
    out, place = list[str](), 0
    while place < len(commentary):
        sign = commentary[place]
        if sign == "\\" and commentary[place + 1 : place + 2] in RESERVED:
            out.append(commentary[place + 1])
            place += 2
        elif commentary.startswith(TEMPLATE, place):
            tag, place = _until("}", commentary, place + len(TEMPLATE))
            out.append("#" + tag.partition("|")[2])
        elif commentary.startswith("@[", place):
            name, place = _until("]", commentary, place + 2)
            out.append(name)
            place = commentary.find(")", place) + 1 or len(commentary)
        elif sign == "#" and commentary[place + 1 : place + 2].isalnum():
            out.append(sign)
            place += 1
        elif sign in RESERVED:
            break
        else:
            out.append(sign)
            place += 1
    return "".join(out)


def _until(end: str, text: str, place: int) -> tuple[str, int]:
    """(the letters up to `end`, without their backslashes; the place after it)."""
    out = list[str]()
    while place < len(text) and text[place] != end:
        place += text[place] == "\\"
        out.append(text[place : place + 1])
        place += 1
    return "".join(out), place + 1
