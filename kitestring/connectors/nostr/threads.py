"""How answers hang on what they answer. Source: NIP-10 (notes answer notes), NIP-22 (comments answer anything else)."""

from __future__ import annotations

from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.nostr.client import ask
from kitestring.connectors.nostr.events import ARTICLE, COMMENT, NOTE, Event

MOST_TOLD = 50  # people of a thread that an answer is shown to


def parent_of(event: Event) -> str:
    """The id of what it answers; "" when it answers nothing."""
    marked = {tag[3]: tag[1] for tag in event.tags if len(tag) > 3 and tag[0] == "e" and tag[3]}
    if event.kind == COMMENT:
        return event.first("e")
    if "reply" in marked or "root" in marked:
        return marked.get("reply") or marked["root"]
    plain = [tag[1] for tag in event.tags if len(tag) > 1 and tag[0] == "e" and len(tag) < 4]
    return plain[-1] if plain else ""


def roots_of(event: Event) -> list[str]:
    """Every event it names as above it, and the address of the article it is a comment on."""
    above = [tag[1] for tag in event.tags if len(tag) > 1 and tag[0] in ("e", "E", "A", "a")]
    return [one for one in above if one]


async def answering(session: Session, outgoing: Outgoing) -> tuple[int, list[list[str]]]:
    """The kind and the tags of an answer. Raises Rejected("reply_to", "deleted") when what it answers is on no relay."""
    wanted = [one for one in dict.fromkeys((outgoing.root, outgoing.reply_to)) if len(one) == 64]
    known = {event.id: event for event in await ask(session, {"ids": wanted})} if wanted else {}
    asked = known.get(outgoing.reply_to)
    if asked is None:
        raise Rejected("reply_to", "deleted")
    if asked.kind == NOTE:
        return NOTE, _note(asked)
    return COMMENT, _comment(asked, known.get(outgoing.root))


def _note(asked: Event) -> list[list[str]]:
    """NIP-10: the root by its mark; what answers the root itself names it alone. All in the thread are told of it."""
    top = next((tag for tag in asked.tags if len(tag) > 3 and tag[0] == "e" and tag[3] == "root"), None)
    above = top[1] if top else parent_of(asked)
    told = list(dict.fromkeys((asked.pubkey, *asked.values("p"))))[:MOST_TOLD]
    people = [["p", person] for person in told]
    if not above:
        return [["e", asked.id, "", "root", asked.pubkey], *people]
    root = ["e", above, "", "root", *(top[4:5] if top else ())]
    return [root, ["e", asked.id, "", "reply", asked.pubkey], *people]


def _comment(asked: Event, root: Event | None) -> list[list[str]]:
    """NIP-22: capitals for what it all hangs on, small letters for what is answered."""
    if asked.kind == COMMENT:
        above = [list(tag) for tag in asked.tags if tag and tag[0] in ("A", "E", "I", "K", "P")]
    elif root is not None and root.id != asked.id:
        above = _named(root, upper=True)
    else:
        above = _named(asked, upper=True)
    return [*above, *_named(asked, upper=False)]


def _named(event: Event, *, upper: bool) -> list[list[str]]:
    letter = str.upper if upper else str.lower
    if event.kind == ARTICLE:
        names = [[letter("a"), event.address, "", event.pubkey], ["e", event.id, "", event.pubkey]]
        names = names[:1] if upper else names
    else:
        names = [[letter("e"), event.id, "", event.pubkey]]
    return [*names, [letter("k"), str(event.kind)], [letter("p"), event.pubkey]]
