"""Whoever silences a checker says why."""

from __future__ import annotations

from tests.architecture.laws.findings import keep
from tests.architecture.laws.reasons import without_reason
from tests.architecture.laws.tree import Source, sources

RIGHT = "`# noqa: S310 - our own address`, `# type: ignore[misc]  # allauth is not typed`; better: mend what it complains of."


def test_what_is_silenced_has_its_reason() -> None:
    keep(without_reason([*sources(), *sources("tests/")]), right=RIGHT)


def test_the_law_sees_a_silence_without_a_reason() -> None:
    for bare in ("x = 1  # noqa: E501\n", "x = 1  # type: ignore[misc]\n", "x = 1  # noqa: E501 - \n"):
        assert list(without_reason([Source("kitestring/a.py", bare)]))
    assert list(without_reason([Source("tests/a.py", "x = 1  # type: ignore[misc]  # because of that\n")]))


def test_a_reason_is_enough() -> None:
    for told in (
        "x = 1  # noqa: S310 - our own\n",
        "x = 1  # type: ignore[misc]  # not typed\n",
        "x = '# noqa: E501'\n",
    ):
        assert not list(without_reason([Source("kitestring/a.py", told)]))
