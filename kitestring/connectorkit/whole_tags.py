"""HTML from strangers, with every tag closed and nothing of comments: what the standard library's parser reads in one pass.

That parser looks through all that follows, again and again, for the end of a tag or a comment that has none.
"""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(r"""</?[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")


def whole_tags(html: str) -> str:
    """`html` without comments, declarations and instructions. From a tag on that never ends, all is words."""
    parts: list[str] = []
    at = 0
    while (start := html.find("<", at)) >= 0:
        parts.append(html[at:start])
        after = html[start + 1 : start + 3]
        if after[:1] in {"!", "?"} or (after[:1] == "/" and not after[1:2].isalpha()):
            mark = "-->" if html.startswith("<!--", start) else ">"
            end = html.find(mark, start + 2)
            if end < 0:
                return "".join(parts) + _words(html[start:])
            at = end + len(mark)
        elif after[:1].isascii() and (after[:1].isalpha() or after[:1] == "/"):
            tag = _TAG.match(html, start)
            if tag is None:
                return "".join(parts) + _words(html[start:])
            parts.append(tag[0])
            at = tag.end()
        else:
            parts.append("&lt;")
            at = start + 1
    return "".join(parts) + html[at:]


def _words(rest: str) -> str:
    return rest.replace("<", "&lt;")
