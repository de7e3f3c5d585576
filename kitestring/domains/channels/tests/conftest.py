"""The channels, the cage and the roost of these tests."""

from kitestring.domains.channels.tests.cage import cage, channels
from kitestring.domains.channels.tests.roost import roost

__all__ = ["cage", "channels", "roost"]
