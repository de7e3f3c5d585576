"""Problems are found all at once, before anything is sent, and told in the reader's language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from kitestring.connectorkit.checking import check_outgoing, problems
from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.manifest import Manifest, MediaLimit
from kitestring.connectorkit.sentences import common, has_sentence, sentence
from kitestring.kit.video.probe import probe

FACT = {"source": "test", "checked_on": "2026-11-21"}


def words(text: str) -> dict[str, str]:
    return {"en": text, "zh-hans": text, "vi": text}


MANIFEST = Manifest.model_validate(
    {
        "slug": "example",
        "name": {"en": "Teahouse", "zh-hans": "茶馆", "vi": "Quán Trà"},
        "provider": "example",
        "mode": "api",
        "duplicate_safety": "none",
        "auth": {"kind": "none"},
        "look": {"shape": "feed", "colour": "#000"},
        "sentences": {"odd": words("Odd: {what}.")},
        "kinds": [
            {
                "key": "note",
                "label": words("Note"),
                "text": {"limit": 20, "unit": "grapheme", "also_bytes": 60, **FACT},
                "title": {"limit": 5, "unit": "cjk_half", "required": True, **FACT},
                "media": {
                    "count": 2, "required": True, "mimes": ["image/*", "video/mp4"], "bytes": 1000,
                    "bytes_by_mime": {"video/mp4": 5000}, "side": 2000, "alt": 10, **FACT,
                },
            },
            {"key": "plain", "label": words("Plain"), "text": {"limit": 20, "unit": "grapheme", **FACT}},
            {
                "key": "long", "label": words("Long"),
                "text": {"limit": 20, "unit": "grapheme", "least": 5, "or_files": 2, **FACT},
                "media": {"count": 3, "mimes": ["image/*"], **FACT},
            },
            {"key": "longer", "label": words("Longer"), "text": {"limit": 20, "unit": "grapheme", "least": 5, **FACT}},
        ],
    }
)  # fmt: skip


def media(mime: str = "image/png", size: int = 500, alt: str = "a cup", **more: Any) -> Media:
    return Media(Path("cup"), mime, size, "0" * 64, alt, **more)


def found(*given: Any, **more: Any) -> list[tuple[str, str]]:
    return [(p.field, p.reason) for p in problems(MANIFEST, *given, **more)]


def test_nothing_wrong_is_no_problem() -> None:
    assert found("note", "xin chào", "Trà", [media(), media("video/mp4", 4000)]) == []


def test_all_problems_are_told_at_once() -> None:
    bad = media("application/pdf", 2000, "x" * 11, width=3000, height=10)
    assert found("note", "x" * 21, "新茶上市了吗", [bad, media(), media(alt="")]) == [
        ("text", "too_long"),
        ("title", "title_too_long"),
        ("media", "media_too_many"),
        ("media.0", "media_type"),
        ("media.0", "media_too_big"),
        ("media.0", "side_too_long"),
        ("media.0.alt", "alt_too_long"),
        ("media.2.alt", "alt_missing"),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("note", "", "Trà", []), [("text", "text_required"), ("media", "missing_media")]),
        (("note", " \n", "Trà", [media()]), []),
        (("note", "x", "", [media()]), [("title", "missing_title")]),
        (("plain", "", "", []), [("text", "text_required")]),
        (("plain", "x", "", [media()]), [("media", "media_not_taken")]),
        (("note", "👨‍👩‍👧‍👦" * 3, "Trà", [media()]), [("text", "too_many_bytes")]),
        (("gone", "x"), [("kind", "kind_unknown")]),
        (("long", "新茶上市了"), []),
        (("long", " 新茶上市 "), [("text", "too_short_or_pictures")]),
        (("long", "新茶", "", [media()]), [("text", "too_short_or_pictures")]),
        (("long", "新茶", "", [media(), media()]), []),
        (("long", "", "", [media(), media()]), []),
        (("long", ""), [("text", "text_required")]),
        (("longer", "新茶"), [("text", "too_short")]),
    ],
)
def test_each_problem(given: tuple[Any, ...], expected: list[tuple[str, str]]) -> None:
    assert found(*given) == expected


def test_a_connector_refuses_at_the_first_error_but_not_for_a_warning() -> None:
    def outgoing(text: str, alt: str) -> Outgoing:
        now = datetime(2026, 11, 21, tzinfo=UTC)
        return Outgoing(UUID(int=1), now, "note", text, "Trà", media=(media(alt=alt),))

    check_outgoing(MANIFEST, outgoing("xin chào", alt=""))
    with pytest.raises(Rejected) as caught:
        check_outgoing(MANIFEST, outgoing("x" * 25, alt=""))
    assert (caught.value.field, caught.value.reason) == ("text", "too_long")
    assert caught.value.params == {"count": 25, "limit": 20, "over": 5}


def test_the_sentence_comes_filled_and_in_the_readers_language() -> None:
    [english] = problems(MANIFEST, "plain", "x" * 23)
    assert english.sentence.startswith("The text is 3 too long for Teahouse: 23 of 20.")
    [chinese] = problems(MANIFEST, "plain", "x" * 23, language="zh-hans")
    assert "超出茶馆的字数上限3" in chinese.sentence
    assert sentence("busy", language="vi").startswith("Kênh yêu cầu")
    assert sentence("odd", {"what": "tea"}, "vi", MANIFEST) == "Odd: tea."


def test_what_is_lacking_of_a_short_text_is_told() -> None:
    [told] = problems(MANIFEST, "longer", "新茶", language="zh-hans")
    assert told.sentence.startswith("正文太短：现在2字，茶馆至少要5字。")
    assert "3字" in told.sentence
    [either] = problems(MANIFEST, "long", "tea", written=True)
    assert "with 2 of them" in either.sentence
    assert "sent" not in either.sentence


def test_an_unknown_reason_and_a_missing_figure_still_read_well() -> None:
    assert "{" not in sentence("too_long", {}, "en", MANIFEST)
    assert sentence("no such reason", language="en") == sentence("unknown", language="en")
    assert not has_sentence("no such reason", MANIFEST)


def test_every_common_sentence_has_the_same_figures_in_every_language() -> None:
    for reason, text in common().items():
        names = [set(re.findall(r"\{(\w+)\}", words_)) for words_ in (text.en, text.zh_hans, text.vi)]
        assert names[0] == names[1] == names[2], reason
        assert re.search(r"[\u4e00-\u9fff]", text.zh_hans), reason


@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_while_somebody_writes_nothing_is_said_of_sending(language: str) -> None:
    """Nobody tried to send anything yet. What is told at sending keeps saying it."""
    unsent = ("Nothing was sent", "没有发出", "Chưa gửi gì")
    written = [reason for reason in common() if reason.endswith("_written")]
    assert "too_long_written" in written
    for reason in written:
        assert not any(words in sentence(reason, {}, language, MANIFEST) for words in unsent), reason
        told = sentence(reason.removesuffix("_written"), {}, language, MANIFEST)
        assert any(words in told for words in unsent), reason
    [there] = problems(MANIFEST, "plain", "x" * 23)
    [here] = problems(MANIFEST, "plain", "x" * 23, written=True)
    assert here.sentence == there.sentence.replace("Nothing was sent. ", "") != there.sentence


def capped(**most: int) -> Manifest:
    first, *rest = MANIFEST.kinds
    text = first.text.model_copy(update={"limit": 500, "also_bytes": None, **most})
    return MANIFEST.model_copy(update={"kinds": (first.model_copy(update={"text": text}), *rest)})


@pytest.mark.parametrize(
    ("most", "text", "expected"),
    [
        ({"hashtags": 5}, "#một #hai #ba #bốn #năm", []),
        ({"hashtags": 5}, "#một #hai #ba #bốn #năm 今天#六", ["hashtags_too_many"]),
        ({"hashtags": 1}, "#1 trong ngày, #2 là trà, chỉ #trà là thẻ", []),
        ({"hashtags": 0}, "新茶#春茶#", ["hashtags_not_taken"]),
        ({"hashtags": 0}, "số 1️⃣ và #️⃣, https://vidu.vn/#tra", []),
        ({"mentions": 2}, "@lan @minh @hà", ["mentions_too_many"]),
        ({"mentions": 0}, "viết cho an@vidu.vn", []),
        ({"mentions": 0}, "感谢@小明", ["mentions_not_taken"]),
        ({"links": 1}, "https://vidu.vn/a và https://vidu.vn/a", []),
        ({"links": 1}, "vidu.vn và https://vidu.vn", ["links_too_many"]),
        ({"links": 0, "hashtags": 0}, "vidu.vn #a", ["hashtags_not_taken", "links_not_taken"]),
    ],
)
def test_what_may_stand_in_a_text_is_counted(most: dict[str, int], text: str, expected: list[str]) -> None:
    found = problems(capped(**most), "note", text, "Trà", [media()])
    assert [(p.field, p.reason) for p in found] == [("text", reason) for reason in expected]


def test_how_many_too_many_is_said() -> None:
    [found] = problems(capped(hashtags=5), "note", "#a #b #c #d #e #f #g", "Trà", [media()])
    assert found.sentence.startswith("Hashtags here: 7; Teahouse takes at most 5.")
    assert "Take out 2" in found.sentence
    assert found.params == {"count": 7, "limit": 5, "over": 2}


def shaped(**limits: Any) -> Manifest:
    """The same channel, with these limits for files."""
    note = MANIFEST.kinds[1].model_copy(
        update={
            "media": MediaLimit.model_validate(
                {"count": 4, "mimes": ["image/*", "video/*"], **limits, **FACT}
            )
        }
    )
    return MANIFEST.model_copy(update={"kinds": (note,)})


PICTURE, VIDEO = media("image/jpeg", width=1000, height=1000), media("video/mp4", width=640, height=360)


@pytest.mark.parametrize(
    ("limits", "files", "expected"),
    [
        ({"least": 2}, [PICTURE], [("media", "media_too_few")]),
        ({"least": 2}, [PICTURE, PICTURE], []),
        ({"least": 2}, [], []),
        ({"least": 2, "required": True}, [], [("media", "missing_media")]),
        ({"videos": 1}, [VIDEO, VIDEO], [("media", "videos_too_many")]),
        ({"videos": 1}, [VIDEO, PICTURE], []),
        ({"mixed": False}, [VIDEO, PICTURE], [("media", "media_mixed")]),
        ({"mixed": False}, [VIDEO, VIDEO], []),
        ({"ratio": (0.8, 1.91)}, [media(width=2000, height=1000)], [("media.0", "ratio_off")]),
        ({"ratio": (0.8, 1.91)}, [media(width=799, height=1000), VIDEO], []),
        ({"ratio": (0.8, 1.91)}, [media()], []),
        ({"video_ratio": (0.5625, 0.5625)}, [PICTURE, VIDEO], [("media.1", "video_ratio_off")]),
        ({"min_side": 320}, [media(width=500, height=319)], [("media.0", "side_too_short")]),
        ({"min_side": 800}, [PICTURE, VIDEO], [("media.1", "video_side_too_short")]),
        ({"side": 600}, [VIDEO], [("media.0", "video_side_too_long")]),
        ({"seconds": (3, 60)}, [replace(VIDEO, duration=2.0)], [("media.0", "video_too_short")]),
        ({"seconds": (3, 60)}, [replace(VIDEO, duration=61.0)], [("media.0", "video_too_long")]),
        ({"seconds": (3, 60)}, [replace(VIDEO, duration=60.02), VIDEO, PICTURE], []),
        ({"bytes": 600, "video_bytes": 400}, [PICTURE, VIDEO], [("media.1", "media_too_big")]),
        ({"by_address": True}, [], []),
    ],
)  # fmt: skip
def test_each_limit_of_files(limits: dict[str, Any], files: list[Media], expected: list[Any]) -> None:
    manifest = shaped(**limits)
    assert [(p.field, p.reason) for p in problems(manifest, "plain", "x", "", files)] == expected
    duty = Outgoing(UUID(int=1), datetime(2026, 11, 21, tzinfo=UTC), "plain", "x", media=tuple(files))
    if expected:
        with pytest.raises(Rejected) as caught:
            check_outgoing(manifest, duty)
        assert (caught.value.field, caught.value.reason) == expected[0]
    else:
        check_outgoing(manifest, duty)


@pytest.mark.parametrize(
    ("language", "picture", "video"),
    [("en", "Picture 1", "Video 1"), ("zh-hans", "图片", "视频"), ("vi", "Ảnh", "Video")],
)
@pytest.mark.parametrize(
    "limits", [{"side": 90}, {"min_side": 9000}, {"ratio": (4, 5), "video_ratio": (4, 5)}]
)
def test_a_file_is_called_what_it_is(limits: dict[str, Any], language: str, picture: str, video: str) -> None:
    manifest = shaped(**limits)
    for file, own, other in ((PICTURE, picture, video), (VIDEO, video, picture)):
        [problem] = problems(manifest, "plain", "x", "", [file])
        said = sentence(problem.reason, problem.params, language, manifest)
        assert own in said
        assert other not in said


def test_a_channel_that_fetches_needs_an_address() -> None:
    manifest = shaped(by_address=True)
    assert problems(manifest, "plain", "x", "", [PICTURE]) == []
    [problem] = problems(manifest, "plain", "x", "", [PICTURE], addressed=False)
    assert (problem.field, problem.reason) == ("media", "needs_address")
    assert "KITESTRING_URL" in problem.sentence
    duty = Outgoing(UUID(int=1), datetime(2026, 11, 21, tzinfo=UTC), "plain", "x", media=(PICTURE,))
    with pytest.raises(Rejected, match="needs_address"):
        check_outgoing(manifest, duty)
    check_outgoing(manifest, replace(duty, media=(replace(PICTURE, public_url="https://kite.example/f/a"),)))


@pytest.mark.parametrize(
    ("ratio", "told"),
    [((0.8, 1.91), "4:5 – 1.91:1"), ((0.5625, 0.5625), "9:16"), ((1.0, 16 / 9), "1:1 – 16:9")],
)
def test_a_shape_is_told_as_people_say_it(ratio: tuple[float, float], told: str) -> None:
    [problem] = problems(shaped(ratio=ratio), "plain", "x", "", [media(width=5000, height=1000)])
    assert problem.params["allowed"] == told
    assert told in problem.sentence


def test_the_suite_tries_a_breach_of_every_limit(tmp_path: Path) -> None:
    """What a manifest says of files is tried by the suite, and its sound files keep all of it."""
    manifest = shaped(
        least=2, videos=2, mixed=False, ratio=(0.8, 1.91), video_ratio=(0.5, 2), min_side=200, side=3000,
        seconds=(1.5, 60), bytes=900_000, video_bytes=900_000, alt=20, by_address=True,
    )  # fmt: skip
    tried = set()
    for field, duty in samples.refused(manifest.kinds[0], tmp_path):
        with pytest.raises(Rejected) as caught:
            check_outgoing(manifest, duty)
        assert caught.value.field == field
        tried.add(caught.value.reason)
    assert tried >= {
        "media_too_few", "media_too_many", "videos_too_many", "media_mixed", "ratio_off", "video_ratio_off",
        "side_too_short", "side_too_long", "video_too_short", "video_too_long", "media_too_big", "needs_address",
        "alt_too_long", "media_type",
    }  # fmt: skip
    check_outgoing(manifest, samples.outgoing(manifest.kinds[0], tmp_path, pictures=1))


def test_a_kind_of_videos_only_is_tried_with_a_real_one(tmp_path: Path) -> None:
    manifest = shaped(
        mimes=["video/mp4"], count=1, required=True, seconds=(2, 60), video_ratio=(0.5625, 0.5625)
    )
    kind = manifest.kinds[0]
    assert samples.takes_pictures(kind)
    duty = samples.outgoing(kind, tmp_path)
    check_outgoing(manifest, duty)
    [one] = duty.media
    seen = probe(one.path, one.mime)
    assert (seen.width, seen.height) == (one.width, one.height)
    assert seen.duration == pytest.approx(one.duration, abs=0.1)
    assert one.cover is not None
    assert {field for field, _duty in samples.refused(kind, tmp_path)} >= {"media", "media.0"}
