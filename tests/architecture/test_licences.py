"""What we are installed with may stand beside Apache-2.0, and the notices say all of it."""

from __future__ import annotations

import pytest

from bin.lib import notices
from tests.architecture.laws.locks import pins
from tests.architecture.laws.tree import ROOT


def test_no_licence_binds_the_whole() -> None:
    packages = [*notices.python_packages(), *notices.browser_packages()]
    bad = [f"{p.name} {p.version}: {p.licence}" for p in notices.refused(packages)]
    assert not bad, f"cannot stand beside Apache-2.0, choose another package: {bad}"


def test_every_licence_is_known() -> None:
    unknown = [
        p.name for p in [*notices.python_packages(), *notices.browser_packages()] if p.licence == "not stated"
    ]
    assert not unknown, f"no licence is stated by: {unknown}"


def test_the_notices_name_every_locked_package() -> None:
    """By name and version; the texts follow when bin/notices is run."""
    written = (ROOT / "THIRD_PARTY_NOTICES.md").read_text("utf-8")
    locked = {
        (name, str(pin.version))
        for name, pin in pins((ROOT / "requirements.lock").read_text("utf-8")).items()
    }
    here = set(notices.locked())
    lacking = [f"{name} {version}" for name, version in sorted(locked) if name in here]
    lacking = [line for line in lacking if f"| {line.replace(' ', ' | ')} |" not in written]
    assert not lacking, f"THIRD_PARTY_NOTICES.md is not current (run bin/notices); it lacks: {lacking}"


def test_what_the_wheel_carries_brings_its_licence_text() -> None:
    written = (ROOT / "THIRD_PARTY_NOTICES.md").read_text("utf-8")
    for package in notices.browser_packages():
        assert f"### {package.name} {package.version}\n" in written, f"{package.name}: run bin/notices"


@pytest.mark.parametrize("licence", ["GPL-3.0-or-later", "AGPL-3.0", "GNU General Public License v3 (GPLv3)"])
def test_the_law_sees_a_licence_that_binds(licence: str) -> None:
    assert notices.refused([notices.Package("a", "1", licence, "")])


@pytest.mark.parametrize(
    "licence", ["LGPL-3.0-only", "MIT", "GNU Lesser General Public License v3", "MPL-2.0"]
)
def test_the_law_lets_the_others_pass(licence: str) -> None:
    assert not notices.refused([notices.Package("a", "1", licence, "")])
