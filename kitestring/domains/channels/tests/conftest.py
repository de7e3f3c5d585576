"""The channels, the cage, the roost and the counter of these tests."""

from kitestring.domains.channels.tests.cage import cage, channels
from kitestring.domains.channels.tests.counter import counter
from kitestring.domains.channels.tests.roost import roost

__all__ = ["cage", "channels", "counter", "roost"]
