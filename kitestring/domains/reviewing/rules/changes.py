"""What differs between two revisions of a post, for each account that carries it, and the same change once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kitestring.connectorkit.sequences import comes_apart, comment_of
from kitestring.domains.reviewing.rules.lines import Comparing, differing
from kitestring.domains.reviewing.rules.pieces import Line

# In the order in which an approver reads; each has its own words in the page.
TEXTS: Final = ("title", "text", "comment", "link")
CHOICES: Final = ("kind", "language", "options", "thread", "exemptions", "about", "campaign")


@dataclass(frozen=True)
class File:
    """A file that came, went, got other words for who cannot see it (`alt` lines), or only stands elsewhere now."""

    asset: str
    how: str  # "new", "gone", "described", "cropped" or "moved"
    alt: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Change:
    """What these accounts carry otherwise than before. `how`: "new" or "gone" for an account that came or went."""

    texts: Mapping[str, list[Line]] = field(default_factory=dict)
    choices: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    how: str = ""

    def __bool__(self) -> bool:
        return bool(self.how or self.texts or self.choices or self.files)


@dataclass
class Group:
    """The accounts (their ids) that changed alike; none: the source alone changed, and no account carries it."""

    accounts: list[str]
    change: Change
    language: str


def groups(
    before: Mapping[str, Any], after: Mapping[str, Any], compared: Comparing | None = None
) -> list[Group]:
    """Every change of every account, those that changed alike together; what stayed as it was is left out.

    `compared`: how texts are compared, and what that may cost; by words, if nothing is said.
    """
    compared = compared or Comparing(differing)
    old, new = _by_account(before), _by_account(after)
    found: list[Group] = []
    for account in [*new, *(key for key in old if key not in new)]:
        change = _of(old.get(account), new.get(account), compared)
        if not change:
            continue
        said = new.get(account) or old[account]
        language = str(said.get("language", ""))
        # A way of publishing has its name from the channel: two channels' ways are two changes.
        alike = (
            g for g in found if (g.change, g.language) == (change, language) and "kind" not in change.choices
        )
        twin = next(alike, None)
        if twin is None:
            found.append(Group([account], change, language))
        else:
            twin.accounts.append(account)
    if not found and (source := _of(before, after, compared)):
        found.append(Group([], source, str(after.get("language", ""))))
    return found


def _by_account(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(one["account"]): one for one in content.get("variants", {}).values()}


def _of(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, compared: Comparing) -> Change:
    """An account that came shows nothing here: what it carries stands whole below. One that went showed it then."""
    if old is None or new is None:
        return Change(how="new" if old is None else "gone")
    old, new = _with_thread(old), _with_thread(new)
    texts = {name: compared(str(old.get(name) or ""), str(new.get(name) or "")) for name in TEXTS}
    choices = {name: (old.get(name), new.get(name)) for name in CHOICES if old.get(name) != new.get(name)}
    return Change(
        texts={name: lines for name, lines in texts.items() if lines},
        choices=choices,
        files=_files(old.get("media") or [], new.get("media") or [], compared),
    )


def _with_thread(one: Mapping[str, Any]) -> dict[str, Any]:
    """What is frozen, with its first comment as a text of its own, and of how many posts it is, numbered or not."""
    posts = sum(part.role != "comment" for part in comes_apart(one))
    thread = {"posts": posts, "numbered": bool(one.get("numbered"))} if posts > 1 else None
    return {**one, "comment": comment_of(one), "thread": thread}


def _files(
    old: list[Mapping[str, Any]], new: list[Mapping[str, Any]], compared: Comparing
) -> tuple[File, ...]:
    focus = {f["asset"]: f.get("focus") for f in old}
    cropped = {f["asset"] for f in new if f["asset"] in focus and f.get("focus") != focus[f["asset"]]}
    was, now = {f["asset"]: f.get("alt", "") for f in old}, {f["asset"]: f.get("alt", "") for f in new}
    found = [File(asset, "new", alt) for asset, alt in now.items() if asset not in was]
    found += [File(asset, "gone", alt) for asset, alt in was.items() if asset not in now]
    for asset, alt in now.items():
        if asset in was and (lines := compared(was[asset], alt)):
            found.append(File(asset, "described", alt, tuple(lines)))
    found += [File(asset, "cropped", alt) for asset, alt in now.items() if asset in cropped]
    stayed = [asset for asset in was if asset in now]
    there = [asset for asset in now if asset in was]
    found += [File(a, "moved", now[a]) for at, a in enumerate(there) if stayed[at] != a]
    return tuple(found)
