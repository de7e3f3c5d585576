"""A person's words over what the samples say: figures, evidence and definitions always come from `content`.

`words` holds `lines` (by name: `text`, and `under`: what the samples said when it was written), `order` (keys of
findings) and `out` (those left out).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kitestring.domains.reports.rules.content import joined, numeral
from kitestring.domains.reports.rules.lines import PARTS, REMARK, TITLE, findings_of, line_of, split

Content = dict[str, Any]
Words = dict[str, Any]


def lines_of(words: Words) -> dict[str, dict[str, Any]]:
    return dict(words.get("lines", {}))


def order_of(content: Content, words: Words) -> list[str]:
    """All findings in the person's order; those the order does not know yet follow as they were made."""
    keys = list(findings_of(content))
    asked = [key for key in words.get("order", []) if key in keys]
    return asked + [key for key in keys if key not in asked]


def shown(content: Content, words: Words) -> list[str]:
    return [key for key in order_of(content, words) if key not in words.get("out", [])]


def left_out(content: Content, words: Words) -> list[str]:
    return [key for key in order_of(content, words) if key in words.get("out", [])]


def made(content: Content, words: Words, line: str) -> str:
    """The sentence a line has when nobody words it. The conclusion follows the finding that stands first."""
    part, key = split(line)
    if part == REMARK:
        return ""
    if part != TITLE:
        return str(findings_of(content).get(key, {}).get(part, ""))
    here = shown(content, words)
    if "result" not in content or not content["findings"] or here[:1] == list(findings_of(content))[:1]:
        return str(content["title"])
    first = str(findings_of(content)[here[0]]["claim"]) if here else ""
    return joined(content["result"], first) or str(content["about"])


def text_of(content: Content, words: Words, line: str) -> str:
    """What the page says there."""
    said = lines_of(words).get(line)
    return str(said["text"]) if said else made(content, words, line)


def under(content: Content, line: str) -> dict[str, str]:
    """What the samples say about a line: kept beside a person's words, to tell when it has changed."""
    part, key = split(line)
    if part == REMARK:
        return {}
    if part == TITLE:
        figures = [f"{k['label']}: {k['value']}" for k in content.get("kpis", [])[:1]]
        return {"made": str(content.get("title", "")), "evidence": "; ".join(figures)}
    finding = findings_of(content).get(key)
    if finding is None:
        return {}
    return {"made": finding["claim"], "evidence": finding["evidence"]}


def moved(content: Content, words: Words) -> dict[str, dict[str, str]]:
    """What stood under a person's words and is another now, by finding's key (`title` for the conclusion).

    Of what the page shows: a finding that was left out is told when it is put back.
    """
    found: dict[str, dict[str, str]] = {}
    here = shown(content, words)
    for line, said in lines_of(words).items():
        part, key = split(line)
        now = under(content, line)
        if (part == TITLE or key in here) and said["under"] != now:
            found[key or TITLE] = said["under"]
    return found


def homeless(content: Content, words: Words) -> dict[str, dict[str, Any]]:
    """A person's words on findings that the samples do not tell any more: kept, not shown on the page."""
    known = findings_of(content)
    return {k: said for k, said in lines_of(words).items() if split(k)[1] and split(k)[1] not in known}


def worded(content: Content, words: Words, *, language: str) -> Content:
    """The page as it is read, in the active language (`language` is its code)."""
    told = findings_of(content)
    parts = [
        told[key]
        | {part: text_of(content, words, line_of(part, key)) for part in PARTS}
        | {"no": numeral(place, language)}
        for place, key in enumerate(shown(content, words))
    ]
    remark = lines_of(words).get(REMARK)
    page = content | {
        "title": text_of(content, words, TITLE),
        "findings": parts,
        "ask": _asked(content, parts),
        "remark": {"text": remark["text"], "label": _("Remark by %(name)s") % {"name": remark["by"]}}
        if remark
        else None,
    }
    return page | {"foot": _foot(content, words)}


def _asked(content: Content, parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The decision, of what is still asked; None when nothing is."""
    items = [p["ask"] for p in parts if p["ask"]]
    if not content.get("ask") or not items:
        return None
    first, *rest = content["ask"]["options"]
    return {"options": [first | {"items": items}, *rest]}


def _foot(content: Content, words: Words) -> str:
    """Whose the sentences are, where somebody worded any; what the figures mean."""
    known = [key for key in lines_of(words) if key != REMARK and key not in homeless(content, words)]
    if not known:
        return str(content["foot"])
    names = sorted({lines_of(words)[key]["by"] for key in known})
    whose = _("Sentences worded by %(names)s; figures, evidence and definitions as measured.") % {
        "names": _(", ").join(names)
    }
    return f"{whose} {content['foot']}"


def changed_by_others(words: Words, version: int, since: int, member: str) -> bool:
    """Whether somebody else changed the report after `since`, the version a page was made from."""
    later = [who for number, who in words.get("trail", []) if number > since]
    return len(later) < version - since or any(who != member for who in later)
