"""What the page needs to have its lines written in place: each with its words, whose they are, and what stood in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import translation

from kitestring.domains.reports.models import Report
from kitestring.domains.reports.rules.lines import PARTS, TITLE, label_of, line_of, names_of, split
from kitestring.domains.reports.rules.wording import homeless, left_out, lines_of, made, moved, text_of


@dataclass
class Line:
    """`text` as it stands, `by` whose words they are ("": generated). `refused`, `theirs`: why it was not saved."""

    name: str
    label: str
    text: str
    by: str = ""
    refused: str = ""
    theirs: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Moved:
    """The samples changed under somebody's words: what they said then, and the sentences made of what they say now."""

    key: str
    evidence: str
    fresh: list[tuple[str, str]]


@dataclass
class Desk:
    lines: dict[str, Line]
    moved: dict[str, Moved]
    out: list[tuple[str, str]]
    homeless: list[tuple[str, str, str]]


def desk_of(
    report: Report,
    refused: Mapping[str, str] | None = None,
    theirs: Mapping[str, Mapping[str, str]] | None = None,
) -> Desk:
    """Labels in the member's language, sentences in the report's."""
    content, words = report.content, report.words
    names = names_of(content)
    with translation.override(report.language):
        texts = {name: text_of(content, words, name) for name in names}
        fresh = {name: made(content, words | {"lines": {}}, name) for name in names}
    said = lines_of(words)
    return Desk(
        lines={
            name: Line(
                name,
                label_of(split(name)[0]),
                texts[name],
                said.get(name, {}).get("by", ""),
                (refused or {}).get(name, ""),
                (theirs or {}).get(name, {}),
            )
            for name in names
        },
        moved={
            key: Moved(
                key, old["evidence"], [(label_of(split(n)[0]), fresh[n]) for n in _own(key) if n in said]
            )
            for key, old in moved(content, words).items()
        },
        out=[(key, texts[line_of("claim", key)]) for key in left_out(content, words)],
        homeless=[
            (name, label_of(split(name)[0]), line["text"]) for name, line in homeless(content, words).items()
        ],
    )


def _own(key: str) -> list[str]:
    return [TITLE] if key == TITLE else [line_of(part, key) for part in PARTS]
