"""What a channel promises on which a person publishes: steps for each kind, a place for the proof, limits held beforehand."""

from __future__ import annotations

from kitestring.connectorkit.by_hand import HandOff
from kitestring.connectorkit.checking import problems
from kitestring.connectorkit.conformance.bench import Bench, expect


def _hand_off(bench: Bench) -> HandOff:
    found = bench.manifest.hand_off
    if found is None:
        raise LookupError("no [hand_off]")
    return found


async def steps_and_proof(bench: Bench) -> None:
    """A hand-off channel says what the person does, kind by kind, and where the proof must lie."""
    hand_off = _hand_off(bench)
    expect(hand_off.proof_hosts, "no host for the proof")
    expect(bench.connector.publishing is None, "a hand-off channel publishes by itself")
    for kind in bench.manifest.kinds:
        expect(hand_off.steps_for(kind.key), f"no steps for {kind.key}")
        opens = hand_off.opens(kind.key)
        expect(
            not opens or opens.startswith("https://"),
            f"{kind.key} opens {opens!r}, which is no page on the web",
        )


async def what_it_cannot_is_said(bench: Bench) -> None:
    """Numbers that are not brought, threads and first comments: each with the sentence that says why not."""
    missing = {one.key for one in bench.manifest.missing}
    expect({"views", "likes", "replies"} <= missing, f"only {sorted(missing)} are said to be missing")
    for power in ("sequence", "first_comment"):
        expect(power in bench.manifest.cannot, f"nothing says why there is no {power}")


async def refuses_before_handing_over(bench: Bench) -> None:
    """What the app would not take is told while it is written, not on the phone."""
    for kind in bench.manifest.kinds:
        told = {p.reason for p in problems(bench.manifest, kind.key, "长" * (kind.text.limit * 2 + 1))}
        expect("too_long" in told or "too_long_alone" in told, f"{kind.key} takes a text of any length")
        if kind.media and kind.media.required:
            expect("missing_media" in told, f"{kind.key} is handed over without its files")
        if kind.title:
            told = {
                p.reason for p in problems(bench.manifest, kind.key, "短", "长" * (kind.title.limit * 2 + 1))
            }
            expect("title_too_long" in told, f"{kind.key} takes a title of any length")


CASES = (steps_and_proof, what_it_cannot_is_said, refuses_before_handing_over)
