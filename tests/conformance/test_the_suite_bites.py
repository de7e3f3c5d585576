"""The suite itself: each way of cheating is caught by the case that is there for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kitestring.connectorkit.conformance import Case, Nonconforming, cases_for, run
from kitestring.connectorkit.contract import IncomingPage, Outcome, Outgoing, Session
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.powers import Inbox, Metrics, Publishing
from kitestring.connectorkit.registry import Connector, connectors


@dataclass(frozen=True)
class Sabotaged(Connector):
    """A sound connector with one function of one power replaced."""

    power: str = ""
    instead: dict[str, Any] = field(default_factory=dict)

    def _with(self, power: str, module: Any) -> Any:
        return SimpleNamespace(**{**vars(module), **self.instead}) if power == self.power else module

    @property
    def publishing(self) -> Publishing | None:
        return cast(Publishing, self._with("publishing", super().publishing))

    @property
    def inbox(self) -> Inbox | None:
        return cast(Inbox, self._with("inbox", super().inbox))

    @property
    def metrics(self) -> Metrics | None:
        return cast(Metrics, self._with("metrics", super().metrics))


def sound() -> Connector:
    """A connector with every power, whichever it is."""
    return next(
        c
        for c in connectors().values()
        if c.can("inbox") and c.can("metrics") and c.manifest.duplicate_safety == "native_key"
    )


REAL: Any = sound().publishing


async def forgets_what_it_sent(session: Session, outgoing: Outgoing) -> Outcome | None:
    return None


async def believes_an_odd_answer(session: Session, outgoing: Outgoing) -> Outcome | None:
    try:
        return cast("Outcome | None", await REAL.look_up(session, outgoing))
    except (RetryLater, Rejected):
        return None


async def sends_again_when_unsure(session: Session, outgoing: Outgoing) -> Outcome:
    try:
        return cast(Outcome, await REAL.publish(session, outgoing))
    except Ambiguous:
        return cast(Outcome, await REAL.publish(session, replace(outgoing, key=type(outgoing.key)(int=1))))


async def takes_silence_for_a_no(session: Session, outgoing: Outgoing) -> Outcome:
    try:
        return cast(Outcome, await REAL.publish(session, outgoing))
    except Ambiguous as error:
        raise Rejected("", "refused") from error


async def takes_every_trouble_for_later(session: Session, outgoing: Outgoing) -> Outcome:
    try:
        return cast(Outcome, await REAL.publish(session, outgoing))
    except (GrantExpired, RetryLater) as error:
        raise RetryLater("busy") from error


async def cuts_the_text(session: Session, outgoing: Outgoing) -> Outcome:
    return cast(Outcome, await REAL.publish(session, replace(outgoing, text=outgoing.text[:10])))


async def speaks_in_codes(session: Session, outgoing: Outgoing) -> Outcome:
    raise Rejected("text", "E-1047")


async def reads_nothing(session: Session, posts: object, cursor: str) -> IncomingPage:
    return IncomingPage([])


async def invents_numbers(session: Session, posts: list[str]) -> list[Any]:
    real: Any = sound().metrics
    return [
        replace(reading, value=reading.value or 0.0, why="") for reading in await real.read(session, posts)
    ]


CHEATS: list[tuple[str, Callable[..., Any], str, str]] = [
    ("publishing", forgets_what_it_sent, "look_up", "stored_but_unheard"),
    ("publishing", believes_an_odd_answer, "look_up", "a_look_believes_no_odd_answer"),
    ("publishing", sends_again_when_unsure, "publish", "stored_but_unheard"),
    ("publishing", takes_silence_for_a_no, "publish", "stored_but_unheard"),
    ("publishing", takes_silence_for_a_no, "publish", "not_stored_and_unheard"),
    ("publishing", takes_every_trouble_for_later, "publish", "ended_consent"),
    ("publishing", takes_every_trouble_for_later, "publish", "waits_when_told"),
    ("publishing", cuts_the_text, "publish", "every_kind"),
    ("publishing", cuts_the_text, "publish", "refuses_before_sending"),
    ("publishing", speaks_in_codes, "publish", "refuses_before_sending"),
    ("inbox", reads_nothing, "fetch", "comments_come_in"),
    ("metrics", invents_numbers, "read", "counts_are_read"),
]


@pytest.mark.parametrize(
    ("power", "cheat", "name", "case"), CHEATS, ids=[f"{c[1].__name__}-{c[3]}" for c in CHEATS]
)
async def test_cheating_is_noticed(
    power: str, cheat: Callable[..., Any], name: str, case: str, tmp_path: Path
) -> None:
    real = sound()
    bad = Sabotaged(real.manifest, real.package, real.folder, power=power, instead={name: cheat})
    found: Case = next(one for one in cases_for(bad) if one.name == case)
    await run(real, found, tmp_path)
    with pytest.raises(Nonconforming):
        await run(bad, found, tmp_path)


async def test_a_limit_of_answers_that_is_not_declared_is_noticed(tmp_path: Path) -> None:
    limited = next(
        c
        for c in connectors().values()
        if c.can("inbox") and (window := c.manifest.reply_window) and window.replies is not None
    )
    silent = replace(limited, manifest=limited.manifest.model_copy(update={"reply_window": None}))
    found: Case = next(one for one in cases_for(silent) if one.name == "answers_as_often_as_told")
    await run(limited, found, tmp_path)
    with pytest.raises(Rejected):
        await run(silent, found, tmp_path)


async def test_a_channel_that_does_renew_may_not_say_it_does_not(tmp_path: Path) -> None:
    renews = next(c for c in connectors().values() if c.consent and c.manifest.auth.renewal == "by_itself")
    auth = renews.manifest.auth.model_copy(update={"renewal": "by_hand"})
    lazy = replace(renews, manifest=renews.manifest.model_copy(update={"auth": auth}))
    assert "the_end_is_known" not in {case.name for case in cases_for(lazy)}
    found: Case = next(one for one in cases_for(lazy) if one.name == "the_end_is_told")
    with pytest.raises(Nonconforming):
        await run(lazy, found, tmp_path)


def by_hand() -> Connector:
    return next(
        c for c in connectors().values() if c.manifest.mode == "hand_off" and c.manifest.kinds[0].title
    )


@pytest.mark.parametrize(
    ("promise", "changed"),
    [
        ("steps_and_proof", {"hand_off": {"proof_hosts": ()}}),
        ("steps_and_proof", {"hand_off": {"steps": ()}}),
        ("steps_and_proof", {"hand_off": {"open_url": "http://plain.example", "open_urls": {}}}),
        ("what_it_cannot_is_said", {"missing": ()}),
        ("what_it_cannot_is_said", {"cannot": {}}),
    ],
)
async def test_a_hand_off_that_leaves_something_out(
    promise: str, changed: dict[str, Any], tmp_path: Path
) -> None:
    whole = by_hand()
    manifest = whole.manifest
    new = dict(changed)
    if "hand_off" in new:
        new["hand_off"] = manifest.hand_off.model_copy(update=new["hand_off"])
    torn = replace(whole, manifest=manifest.model_copy(update=new))
    case = next(case for case in cases_for(whole) if case.name == promise)
    await run(whole, case, tmp_path)
    with pytest.raises(Nonconforming):
        await run(torn, case, tmp_path)
