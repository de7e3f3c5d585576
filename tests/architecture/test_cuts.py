"""A connector never cuts a call: the call's own time ends it."""

from __future__ import annotations

import pytest

from tests.architecture.laws import cuts
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import Source, sources

RIGHT = "`timeout=` of the call, or `with http.ends_by(moment):` around several."


def test_no_connector_cuts_a_call() -> None:
    keep(cuts.found(sources()), right=RIGHT)


@pytest.mark.parametrize(
    "text", ["asyncio.timeout(5)", "asyncio.wait_for(call, 5)", "task.cancel()", "anyio.wait_for(call)"]
)
def test_the_law_sees_a_cut(text: str) -> None:
    assert list(cuts.found([Source("kitestring/connectors/x/client.py", text)]))
    assert not list(cuts.found([Source("kitestring/connectors/x/emulator.py", text)]))


def test_the_right_forms_pass() -> None:
    assert not list(
        cuts.found([Source("kitestring/connectors/x/client.py", "http.request('GET', url, timeout=5)")])
    )
