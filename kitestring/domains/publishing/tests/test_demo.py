"""A demo's delivery while its sandbox is away: nothing is called, it waits with the reason, and goes out afterwards."""

from __future__ import annotations

from kitestring.domains.publishing.actions.deliver import drain
from kitestring.domains.publishing.rules.telling import tell
from kitestring.domains.publishing.tests.conftest import Harbour


def test_it_waits_for_its_sandbox(harbour: Harbour) -> None:
    harbour.world.workspace.is_demo = True
    harbour.world.workspace.save()
    delivery = harbour.delivery("native_key")
    harbour.settings.DEMO = False  # started by plain `up`: the addresses may be anybody's
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("scheduled", "demo_only")
    assert harbour.faults.stored() == 0
    assert "its sandbox" in tell(delivery.reason, {}, delivery.account.channel)
    harbour.settings.DEMO = True
    harbour.pass_(30)
    harbour.run(drain)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert harbour.copies(delivery) == 1
