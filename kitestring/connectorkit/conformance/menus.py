"""The menu at an account's conversation: put, read back, changed, refused before it leaves, taken off."""

from __future__ import annotations

from dataclasses import replace

from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.menu_facts import MenuAction, MenuFacts
from kitestring.connectorkit.menus import Menu, MenuItem
from kitestring.connectorkit.powers import Menus


def _of(bench: Bench) -> tuple[Menus, MenuFacts]:
    menus, facts = bench.connector.menus, bench.manifest.menu
    if menus is None or facts is None:
        raise Nonconforming("[menu] and menus.py go together")
    return menus, facts


def _entry(action: MenuAction, label: str) -> MenuItem:
    """An entry that does this, its fields filled in."""
    told = {
        one.key: f"https://example.com/{one.key}" if one.kind == "url" else f"{one.key} 1"
        for one in action.fields
    }
    return MenuItem(label, action.key, told)


def sample(facts: MenuFacts, account_type: str, *, audience: str = "") -> Menu:
    """Every action this account has, below the first entry where there are lists, and one beside it."""
    mine = [one for one in facts.actions if not one.account_types or account_type in one.account_types]
    entries = tuple(_entry(one, f"Tea {place}") for place, one in enumerate(mine))
    if not facts.below:
        return Menu(entries[: facts.items], audience)
    first = MenuItem("茶", items=entries[: facts.below])
    return Menu((first, _entry(mine[0], "Menu"))[: facts.items], audience)


def _plain(menu: Menu) -> Menu:
    """Without what a channel tells of itself beside it."""
    return replace(menu, elsewhere=False)


async def _live(menus: Menus, session: Session, audience: str = "") -> list[Menu]:
    return [_plain(one) for one in await menus.read(session) if one.audience == audience]


async def _put(menus: Menus, session: Session, menu: Menu) -> Session:
    """As the house does it: what the settings are to keep first, and the session that has it."""
    kept = menus.keeps(session, menu, await menus.read(session))
    await menus.put(session, menu)
    return replace(session, settings={**session.settings, **kept})


async def a_menu_is_put_and_read(bench: Bench) -> None:
    """What is put is what is read, in the order it was given; another takes its place; taken off, there is none."""
    menus, facts = _of(bench)
    async with bench.session() as session:
        expect(not await _live(menus, session), "a new account has a menu")
        await menus.remove(session, "")
        menu = sample(facts, session.account_type)
        session = await _put(menus, session, menu)
        expect(await _live(menus, session) == [menu], f"put {menu}, read {await menus.read(session)}")
        await menus.put(session, menu)
        other = Menu((replace(menu.items[-1], label="Other"),))
        session = await _put(menus, session, other)
        expect(await _live(menus, session) == [other], "the first one is still there")
        await menus.remove(session, "")
        expect(not await _live(menus, session), "it was not taken off")


async def a_menu_of_some_stands_beside(bench: Bench) -> None:
    """A menu for some leaves everybody's as it is, is one however often it is put, and can be taken off alone."""
    menus, facts = _of(bench)
    async with bench.session() as session:
        listed = session.settings.get(facts.audience_from) or []
        expect(listed, f"the account's setting {facts.audience_from!r} lists nobody")
        who, all_ = str(listed[0]["value"]), sample(facts, session.account_type)
        session = await _put(menus, session, all_)
        theirs = Menu((replace(all_.items[-1], label="Theirs"),), who)
        for _ in range(2):
            await menus.put(session, theirs)
        expect(await _live(menus, session, who) == [theirs], f"read {await menus.read(session)}")
        expect(await _live(menus, session) == [all_], "everybody's menu changed")
        for _ in range(2):
            await menus.remove(session, who)
        expect(not await _live(menus, session, who), "it was not taken off")
        expect(await _live(menus, session) == [all_], "everybody's menu went with it")


async def a_menu_is_refused_before_it_leaves(bench: Bench) -> None:
    """A name that is too long, no action, too many entries: refused in words, and nothing was asked of the channel."""
    menus, facts = _of(bench)
    async with bench.session() as session:
        good = sample(facts, session.account_type)
        last = good.items[-1]
        long = "茶" * (facts.label.limit + 1)
        wrong = [
            Menu(),
            Menu((replace(last, label=long),)),
            Menu((replace(last, label=" "),)),
            Menu((replace(last, action="", values={}),)),
            Menu((last,) * (facts.items + 1)),
        ]
        if last.values:
            wrong.append(Menu((replace(last, values={}),)))
        if facts.below:
            wrong.append(Menu((MenuItem("A", items=(last,) * (facts.below + 1)),)))
        before = len(bench.faults.seen)
        for menu in wrong:
            await bench.raises(Rejected, menus.put(session, menu))
        expect(len(bench.faults.seen) == before, "it was asked of the channel all the same")


async def a_menu_meets_trouble(bench: Bench) -> None:
    """Busy is later, a lost answer is unclear and doing it again puts it right, an ended consent is told."""
    menus, facts = _of(bench)
    async with bench.session() as session:
        menu = sample(facts, session.account_type)
        bench.faults.next(Fault("busy", after=7, at="store"))
        await bench.raises(RetryLater, menus.put(session, menu))
        bench.faults.next(Fault("drop_after", at="store"))
        await bench.raises(Ambiguous, menus.put(session, menu))
        session = await _put(menus, session, menu)
        expect(await _live(menus, session) == [menu], "doing it again did not put it right")
        bench.faults.next(Fault("html"))
        await bench.raises(RetryLater, menus.read(session))
        bench.faults.always(Fault("unauthorized"))
        await bench.raises(GrantExpired, menus.read(session))
