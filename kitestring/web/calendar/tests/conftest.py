"""The calendar's tests stand in the ledger's test world."""

from kitestring.domains.publishing.tests.conftest import channels, harbour

__all__ = ["channels", "harbour"]
