"""The tests of the list of posts stand in the ledger's test world."""

from kitestring.domains.publishing.tests.conftest import channels, harbour

__all__ = ["channels", "harbour"]
