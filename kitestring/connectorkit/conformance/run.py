"""Which cases a connector has to pass, by what its manifest and its folder say; and one of them run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from kitestring.connectorkit.conformance import (
    agreeing,
    auth,
    by_hand,
    calling,
    calling_app,
    garbled,
    menus,
    oddities,
    publishing,
    reading,
    samples,
    sequences,
    settling,
    subscribing,
    tags,
    templates,
    tending,
    uploading,
)
from kitestring.connectorkit.conformance.bench import Bench
from kitestring.connectorkit.emulation import serve
from kitestring.connectorkit.registry import Connector

Deed = Callable[[Bench], Awaitable[None]]


@dataclass(frozen=True)
class Case:
    """One promise: its name (the function's), the promise in words, and the deed that tries it."""

    name: str
    promise: str
    deed: Deed


def _case(deed: Deed) -> Case:
    name = getattr(deed, "__name__", "case")
    return Case(name, (deed.__doc__ or name).strip(), deed)


def cases_for(connector: Connector) -> list[Case]:
    """The cases of this connector: a power it does not claim has none."""
    manifest = connector.manifest
    if manifest.mode == "hand_off":
        return [_case(deed) for deed in by_hand.CASES]
    deeds: list[Deed] = [auth.good_login, auth.bad_login, auth.ended_consent, auth.renewal]
    deeds += [publishing.every_kind, publishing.refuses_before_sending, publishing.waits_when_told]
    deeds += [publishing.nobody_there, publishing.only_its_own_hosts]
    deeds += [settling.stored_but_unheard, settling.not_stored_and_unheard]
    if manifest.duplicate_safety != "none":
        deeds += [settling.a_look_tells_them_apart, settling.after_a_restart]
        deeds.append(garbled.a_look_believes_no_odd_answer)
    if manifest.duplicate_safety == "native_key":
        deeds.append(settling.the_same_key_twice)
    if any(samples.takes_pictures(kind) for kind in manifest.kinds):
        deeds += [uploading.files_go_up_once, uploading.files_go_on_in_the_middle]
        if hasattr(connector.emulator, "lose_files"):
            deeds.append(uploading.files_that_are_gone_go_up_anew)
    takes_back = connector.publishing is not None and hasattr(connector.publishing, "withdraw")
    if takes_back:
        deeds.append(publishing.takes_back)
    if manifest.sequence or manifest.first_comment:
        deeds += [sequences.a_sequence_in_order, sequences.a_part_unheard]
        deeds += [sequences.takes_back_parts] if takes_back else []
        deeds += [sequences.a_part_twice] if manifest.duplicate_safety == "native_key" else []
    if connector.app_hooks is not None:
        deeds += _of_app(connector)
    elif connector.can("hooks"):
        deeds += [calling.callbacks_name_what_is_under_way, calling.forged_callbacks_are_nothing]
        if manifest.hooks and manifest.hooks.brings:
            deeds.append(calling.callbacks_bring_what_people_write)
    if connector.subscribing is not None:
        deeds += [subscribing.the_channel_calls_by_itself, subscribing.trouble_while_subscribing]
    # A channel with private messages only has no comments to bring.
    if connector.can("inbox") and (manifest.reply or manifest.message is None):
        deeds += [reading.comments_come_in, reading.an_odd_row_costs_only_itself]
        if connector.manifest.asking is not None and connector.manifest.asking.by_post:
            deeds.append(reading.comments_come_in_by_part)
    if connector.can("inbox") and manifest.reply:
        deeds += [reading.answers_go_out, reading.answers_as_often_as_told]
    if connector.can("metrics"):
        deeds.append(reading.counts_are_read)
    deeds += _further(connector)
    return [_case(deed) for deed in deeds]


def ways_of(connector: Connector) -> list[Connector]:
    """The connector by each further way of connecting."""
    return [connector.by(way.key) for way in connector.manifest.ways]


def cases_of_a_way(connector: Connector) -> list[Case]:
    """What a further way of connecting has to show: that it connects, renews and ends, and that posts go out by it."""
    deeds: list[Deed] = [auth.good_login, auth.bad_login, auth.ended_consent, auth.renewal]
    deeds += [publishing.every_kind, settling.stored_but_unheard]
    deeds += [oddities.a_blip_disconnects_nobody, *_agreed(connector)]
    return [_case(deed) for deed in deeds]


def _agreed(connector: Connector) -> list[Deed]:
    if connector.manifest.auth.kind != "oauth2":
        return []
    by_hand_ = connector.manifest.auth.renewal == "by_hand"
    registered = [agreeing.an_app_is_registered_once, agreeing.a_forgotten_app_is_registered_anew]
    given_back = [
        agreeing.a_consent_is_given_back,
        agreeing.a_consent_is_not_given_back_by_a_strange_app,
    ]
    return [
        *(registered if connector.registers else []),
        *(given_back if connector.gives_back else []),
        agreeing.a_no_is_a_no,
        agreeing.an_unknown_app,
        agreeing.scopes_are_kept,
        agreeing.the_end_is_told if by_hand_ else agreeing.the_end_is_known,
        agreeing.a_wrong_app_disconnects_nobody,
        agreeing.a_blip_while_agreeing,
    ]


def _of_app(connector: Connector) -> list[Deed]:
    """Where the channel calls one address of the operator's app."""
    facts = connector.manifest.hooks
    deeds: list[Deed] = [calling_app.forged_calls_to_an_app_are_nothing]
    if facts is not None and facts.rings:
        deeds += [calling_app.an_app_is_told_who_was_written_to]
        deeds += [calling_app.a_call_about_somebody_else_rings_for_nobody_of_ours]
    if facts is not None and facts.kinds:
        deeds.append(calling_app.an_app_is_told_of_ends)
    if hasattr(connector.emulator, "challenge"):
        deeds.append(calling_app.an_apps_address_is_tried)
    return deeds


def _further(connector: Connector) -> list[Deed]:
    """What only some channels have, and what every one must bear."""
    manifest = connector.manifest
    deeds: list[Deed] = [oddities.a_field_nobody_knows, oddities.a_version_switched_off]
    deeds.append(oddities.a_blip_disconnects_nobody)
    deeds += _agreed(connector)
    if manifest.message is not None:
        deeds.append(tending.messages_come_in_and_go_out)
    if "mentions" in manifest.capabilities:
        deeds.append(tending.mentions_come_in)
    if connector.deeds():
        deeds.append(tending.deeds_are_done)
    if connector.can("editing"):
        deeds.append(tending.words_are_changed)
    if manifest.account_metrics:
        deeds.append(tending.the_account_has_numbers)
    if connector.can("diagnostics"):
        deeds.append(tending.health_is_told)
    if manifest.menu is not None or connector.can("menus"):
        deeds += [menus.a_menu_is_put_and_read, menus.a_menu_is_refused_before_it_leaves]
        deeds.append(menus.a_menu_meets_trouble)
        if manifest.menu is not None and manifest.menu.audience_from:
            deeds.append(menus.a_menu_of_some_stands_beside)
    if manifest.tags is not None:
        deeds += [tags.tags_are_made_and_put_on_people, tags.a_tag_meets_trouble]
    if manifest.templates is not None:
        deeds.append(templates.a_template_goes_out_when_words_do_not)
    return deeds


async def run(connector: Connector, case: Case, folder: Path) -> None:
    """Run one case on a fresh emulator; `folder` takes the pictures made for it. Raises Nonconforming."""
    bench = Bench(connector, folder)
    if connector.manifest.mode == "hand_off":
        await case.deed(bench)
        return
    if hasattr(bench.emulator, "without_quotas"):
        bench.emulator.without_quotas(bench.platform)
    moved = bench.moved
    try:
        async with serve(bench.emulator.build(bench.platform, faults=bench.faults)) as bench.base_url:
            await case.deed(bench)
    finally:
        bench.moved = moved
