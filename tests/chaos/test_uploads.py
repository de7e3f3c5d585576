"""A file that goes up in pieces: the process dies between any two of them, and the next one goes on from there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.uploads import Kept
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from tests.chaos.cases import Case, play
from tests.chaos.house import House
from tests.chaos.sea.files import PIECE, send_up
from tests.chaos.sea.platform import SEA, fresh

WAYS = ("native_key", "two_step", "read_back")
STEPS = ("begin: ", "piece: ", "offset: ", "before INSERT INTO publishing_upload")


def up(house: House, case: Case) -> tuple[int, int]:
    """Play it: (bytes that were brought in all, bytes of the file that the post shows)."""
    end = play(house, case)
    assert (end.wrong, end.state, end.copies) == ((), "published", 1), case.again()
    (post,) = SEA.posts
    return SEA.brought, sum(len(SEA.files[handle]) for handle in post.files)


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_who_dies_between_two_pieces_brings_none_twice(house: House, way: str) -> None:
    """Whatever the channel has counts, also the piece whose answer died with the process."""
    base = Case(way, "", "", cargo="a picture")
    whole = play(house, base).points
    size = SEA.brought
    assert size > 2 * PIECE
    places = [n for n, name in enumerate(whole) if name.startswith(STEPS)]
    assert len(places) > 4 * (size // PIECE)
    for place in places if way == "read_back" else places[1::4]:
        assert up(house, Case(way, "", "", place, cargo="a picture")) == (size, size), whole[place]


@pytest.mark.django_db
@pytest.mark.parametrize("event", ["database away", "another joins"])
def test_whatever_else_happens_between_two_pieces_the_post_has_the_whole_file(
    house: House, event: str
) -> None:
    """What could not be kept goes up once more, and that is all it costs."""
    base = Case("read_back", "", "", cargo="a picture")
    whole = play(house, base)
    size = SEA.brought
    places = [place for place in whole.places(event) if whole.points[place].startswith(STEPS)]
    for place in places[1::3]:
        brought, shown = up(house, Case("read_back", "", "", place, event, cargo="a picture"))
        assert shown == size
        assert brought <= 2 * size


@pytest.mark.parametrize("fault", ["lost_after", "lost_before", "busy"])
@pytest.mark.django_db
def test_a_piece_that_went_wrong_is_no_doubt(house: House, fault: str) -> None:
    """Nothing was published by it: it is tried again without a look, and goes on from there."""
    end = play(house, Case("read_back", fault, "piece", cargo="a picture"))
    assert (end.wrong, end.state, end.copies) == ((), "published", 1)
    assert SEA.brought == sum(len(file) for file in SEA.files.values())


async def test_a_session_that_the_channel_forgot_is_begun_anew(tmp_path: Path) -> None:
    fresh({})
    path = tmp_path / "cup.jpg"
    path.write_bytes(bytes(range(256)) * 8)
    cup = Media(path, "image/jpeg", 2048, "c" * 64)
    kept = Kept()
    await kept.keep(cup, "u999", place="0", taken=500)
    outgoing = Outgoing(uuid7(), clock.now(), "post", "A cup", media=(cup,), uploads=kept)
    (handle,) = await send_up(outgoing)
    assert bytes(SEA.files[handle]) == path.read_bytes()
    assert (await send_up(outgoing), SEA.brought) == ((handle,), 2048)
