"""Says what stands in the way of publishing, from the manifest alone and before anything is sent.

The composer shows all problems at once (`problems`); a connector's `check` stops at the first (`check_outgoing`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from kitestring.connectorkit.checking_article import of_article
from kitestring.connectorkit.checking_media import of_media
from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.counting import Measure, measure, surely_fits
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.links import spans
from kitestring.connectorkit.manifest import Manifest, PublishKind, TextLimit
from kitestring.connectorkit.options import wrongs
from kitestring.connectorkit.overriding import overridden
from kitestring.connectorkit.problem import Params, Problem, Shown
from kitestring.connectorkit.sentences import has_sentence, sentence
from kitestring.connectorkit.sequences import Part


def problems(
    manifest: Manifest,
    kind_key: str,
    text: str,
    title: str = "",
    media: Sequence[Shown] = (),
    language: str = "en",
    *,
    account_type: str = "",
    parts: Sequence[Part] = (),
    options: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    written: bool = False,
    addressed: bool = True,
) -> list[Problem]:
    """All of them, errors first, worded in `language`. An unknown kind is one problem of the field "kind".

    `settings`: the account's own, so that a choice it does not have any more is seen.

    `addressed`: a channel that fetches the files itself can reach them here.

    `written`: they are told while somebody writes, so not a word of what was not sent.

    `parts`: those of a sequence. The head's words then take the place of `text`; each later part is held to the limits of a
    reply, and the sentence names it.
    """
    head = parts[0].text if parts else text
    found = [
        *_all(manifest, kind_key, head, title, media, account_type, addressed),
        *_of_parts(manifest, parts),
    ]
    if options is not None:
        found += _of_options(manifest, kind_key, options, language, settings)
    found.sort(key=lambda p: p.severity == "warning")
    return [dataclasses.replace(p, sentence=_worded(p, parts, language, manifest, written)) for p in found]


def _worded(problem: Problem, parts: Sequence[Part], language: str, manifest: Manifest, written: bool) -> str:
    """The sentence, with the part it is about where it is about the words of one."""
    # A thread is no cure where there are none, nor for what is a part of one already.
    alone = problem.reason == "too_long" and (manifest.sequence is None or len(parts) > 1)
    key = "too_long_alone" if alone else problem.reason
    if written and key not in manifest.sentences and has_sentence(f"{key}_written"):
        key = f"{key}_written"
    said = sentence(key, problem.params, language, manifest)
    place = 0 if problem.field == "text" else _place(problem.field)
    if place is None or len(parts) < 2:
        return said
    if parts[place].role == "comment":
        return sentence("in_first_comment", {"problem": said}, language)
    if sum(part.role != "comment" for part in parts) < 2:
        return said
    return sentence("in_part", {"nth": place + 1, "problem": said}, language)


def _place(field_: str) -> int | None:
    number = field_.removeprefix("parts.")
    return int(number) if number.isdigit() else None


def _of_parts(manifest: Manifest, parts: Sequence[Part]) -> Iterator[Problem]:
    posts = sum(part.role != "comment" for part in parts)
    if posts > 1 and manifest.sequence is None:
        yield Problem("parts", "no_sequences")
    elif manifest.sequence is not None and posts > manifest.sequence.most:
        params: Params = {
            "count": posts,
            "limit": manifest.sequence.most,
            "over": posts - manifest.sequence.most,
        }
        yield Problem("parts", "parts_too_many", params)
    for place, part in enumerate(parts[1:], start=1):
        if part.role == "comment" and manifest.first_comment is None:
            yield Problem(f"parts.{place}", "no_first_comments")
        elif manifest.reply is not None:
            for found in _of_text(manifest.reply, part.text, files=0):
                yield dataclasses.replace(found, field=f"parts.{place}")


def check_outgoing(manifest: Manifest, outgoing: Outgoing, account_type: str = "") -> None:
    """Raise Rejected for the first error. Makes no call."""
    manifest = overridden(manifest, outgoing.limits)
    addressed = all(one.public_url for one in outgoing.media)
    found = _all(
        manifest, outgoing.kind, outgoing.text, outgoing.title, outgoing.media, account_type, addressed
    )
    for problem in chain(found, _of_options(manifest, outgoing.kind, outgoing.options)):
        if problem.severity == "error":
            raise Rejected(problem.field, problem.reason, params=problem.params)


def check_rest(manifest: Manifest, limits: Mapping[str, int], parts: Sequence[Part]) -> None:
    """Raise Rejected for the first later part whose words do not fit: asked before the head leaves, so that no half is out."""
    reply = overridden(manifest, limits).reply
    for place, part in enumerate(parts[1:], start=1):
        for problem in _of_text(reply, part.text, files=0) if reply is not None else ():
            if problem.severity == "error":
                raise Rejected(f"parts.{place}", problem.reason, params=problem.params)


def _all(
    manifest: Manifest,
    kind_key: str,
    text: str,
    title: str,
    media: Sequence[Shown],
    account_type: str,
    addressed: bool,
) -> Iterator[Problem]:
    try:
        kind = manifest.kind(kind_key)
    except KeyError:
        yield Problem("kind", "kind_unknown", {"kind": kind_key})
        return
    if account_type and kind.account_types and account_type not in kind.account_types:
        yield Problem("kind", "kind_not_for_account", {"kind": kind.label.en})
    yield from _of_text(kind, text, len(media))
    yield from of_article(kind, text, media)
    yield from _of_title(kind, title)
    yield from of_media(kind, media, addressed=addressed)


def _of_options(
    manifest: Manifest,
    kind_key: str,
    options: Mapping[str, str],
    language: str = "en",
    settings: Mapping[str, Any] | None = None,
) -> Iterator[Problem]:
    try:
        kind = manifest.kind(kind_key)
    except KeyError:
        return
    for field_, reason, params in wrongs(kind, options, language, settings):
        yield Problem(field_, reason, params)


def _of_text(kind: PublishKind, text: str, files: int) -> Iterator[Problem]:
    # A kind that takes no words at all (a limit of 0) lacks none.
    if kind.text.limit and not text.strip() and (kind.text.required or not files):
        yield Problem("text", "text_required")
    elif kind.text.least:
        yield from _too_few(kind.text, text.strip(), files)
    if not surely_fits(text, kind.text):
        yield from _over("text", "too_long", measure(text, kind.text))
    yield from _too_many("text", text, kind.text)


def _too_few(limit: TextLimit, text: str, files: int) -> Iterator[Problem]:
    """A text shorter than the channel takes, where no files make up for it."""
    count, least, enough = measure(text, limit).count, limit.least or 0, limit.or_files or 0
    if count >= least or (enough and files >= enough):
        return
    params: Params = {"count": count, "least": least, "lacking": least - count}
    if enough:
        yield Problem("text", "too_short_or_pictures", {**params, "files": enough})
    else:
        yield Problem("text", "too_short", params)


def _of_title(kind: PublishKind, title: str) -> Iterator[Problem]:
    if kind.title is None:
        return
    if kind.title.required and not title.strip():
        yield Problem("title", "missing_title")
    yield from _over("title", "title_too_long", measure(title, kind.title))
    yield from _too_many("title", title, kind.title)


def _too_many(field_: str, text: str, limit: TextLimit) -> Iterator[Problem]:
    """Hashtags, mentions and links over the number that is taken."""
    most = {"hashtag": limit.hashtags, "mention": limit.mentions, "link": limit.links}
    if all(each is None for each in most.values()):
        return
    found = [(span.kind, span.text) for span in spans(text)]
    counts = {
        "hashtag": sum(kind == "hashtag" for kind, _ in found),
        "mention": sum(kind == "mention" for kind, _ in found),
        "link": len({said for kind, said in found if kind == "link"}),
    }
    for kind, cap in most.items():
        if cap is not None and counts[kind] > cap:
            params: Params = {"count": counts[kind], "limit": cap, "over": counts[kind] - cap}
            yield Problem(field_, f"{kind}s_too_many" if cap else f"{kind}s_not_taken", params)


def _over(field_: str, reason: str, found: Measure) -> Iterator[Problem]:
    if found.over:
        yield Problem(field_, reason, {"count": found.count, "limit": found.limit, "over": found.over})
    elif found.bytes_over and found.bytes_limit:
        params: Params = {"count": found.bytes, "limit": found.bytes_limit, "over": found.bytes_over}
        yield Problem(field_, "too_many_bytes", params)
