"""What changed between an approval and the answer before it, with the names and pictures a person reads it by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import any_accounts
from kitestring.domains.composing.queries.about import told_whole
from kitestring.domains.composing.rules import exemption_words
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries import assets_visible_to
from kitestring.domains.planning.rules.mechanics import mechanics_words
from kitestring.domains.reviewing.models import Approval, ApprovalState
from kitestring.domains.reviewing.queries import answered_before, contents_of
from kitestring.domains.reviewing.rules.changes import Change, File, Group, groups
from kitestring.domains.reviewing.rules.lines import Comparing, outlined
from kitestring.domains.reviewing.rules.telling import Answer, told
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.rules.people import people
from kitestring.ui.locales import language_name

COUNTED: Final = (
    10_000  # steps for all the sentences of a page: Today is opened often and may not wait for them
)


@dataclass(frozen=True)
class Part:
    """What some accounts carry otherwise. `choices`: field, before and after in words; `files` with their rows."""

    accounts: list[Account]
    change: Change
    language: str
    choices: list[tuple[str, str, str]]
    files: list[tuple[File, Asset | None]]


@dataclass(frozen=True)
class Since:
    """Everything that changed since the answer `before`, in one sentence (`told`) and in parts."""

    before: Approval
    told: str
    parts: list[Part]

    @property
    def sent_back(self) -> bool:
        return self.before.state == ApprovalState.DECLINED


def since_answer(member: Member, approval: Approval) -> Since | None:
    """What the approver reads again; None when nothing was answered before."""
    before = answered_before([approval]).get(approval.pk)
    if before is None:
        return None
    found = groups(before.revision.content, approval.revision.content)
    accounts = {str(one.pk): one for one in any_accounts(member, {a for g in found for a in g.accounts})}
    wanted = {file.asset for group in found for file in group.change.files}
    assets = {str(one.pk): one for one in assets_visible_to(member).filter(pk__in=wanted)} if wanted else {}
    parts = [_part(group, accounts, assets, member.language) for group in found]
    counted = groups(before.revision.content, approval.revision.content, _counting())
    return Since(before, _told(member, before, counted), parts)


def told_since(member: Member, approvals: Sequence[Approval]) -> dict[UUID, str]:
    """The sentence of each approval that asks again; the others are not named."""
    before = answered_before(approvals)
    now = contents_of([a for a in approvals if a.pk in before]) if before else {}
    counting = _counting()
    return {
        key: _told(member, answer, groups(answer.revision.content, now[key], counting))
        for key, answer in before.items()
        if key in now
    }


def _counting() -> Comparing:
    """A sentence counts lines only, on every page alike."""
    return Comparing(outlined, COUNTED)


def _told(member: Member, before: Approval, found: Sequence[Group]) -> str:
    post = before.revision.post
    editors = {one.pk: one.name for one in (before.voided_by, post.saved_by) if one is not None}
    answer = Answer(
        yes=before.state != ApprovalState.DECLINED,
        by=before.decided_by.name if before.decided_by else "–",
        mine=before.decided_by_id == member.pk,
    )
    return told(people(list(editors.values())) or "–", found, answer)


def _part(group: Group, accounts: dict[str, Account], assets: dict[str, Asset], language: str) -> Part:
    named = [accounts[key] for key in group.accounts if key in accounts]
    return Part(
        accounts=named,
        change=group.change,
        language=group.language,
        choices=[
            (name, _word(name, old, named, language), _word(name, new, named, language))
            for name, (old, new) in group.change.choices.items()
        ],
        files=[(file, assets.get(file.asset)) for file in group.change.files],
    )


def _thread(value: dict[str, Any] | None) -> str:
    if value is None:
        return _("one post")
    told = _("thread of %(n)s, numbered") if value["numbered"] else _("thread of %(n)s")
    return told % {"n": value["posts"]}


def _word(name: str, value: Any, accounts: Iterable[Account], language: str) -> str:
    if name == "language":
        return language_name(value)
    if name == "kind":
        kinds = [k for a in accounts for k in registry.get(a.channel).manifest.kinds if k.key == value]
        return kinds[0].label.in_(language) if kinds else str(value)
    if name == "thread":
        return _thread(value)
    if name == "exemptions":
        return _("; ").join(exemption_words(one, language) for one in value or ())
    if name == "about":
        return _("; ").join(told_whole(value or {}))
    if name == "campaign":
        return _("; ").join(mechanics_words(value or {}))
    return _(", ").join(f"{key}: {each}" for key, each in (value or {}).items())
