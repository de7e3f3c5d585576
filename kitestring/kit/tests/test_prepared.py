"""Statements that are planned once, whatever becomes of the transaction they were first run in."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from kitestring.kit.prepared import fetch

MODE = "SELECT current_setting('plan_cache_mode')"


@pytest.mark.django_db(transaction=True)
def test_a_first_transaction_that_is_rolled_back_does_not_have_plans_made_anew() -> None:
    connection.close()
    with transaction.atomic():
        assert fetch(MODE, {}) == [("force_generic_plan",)]
        transaction.set_rollback(True)
    assert fetch(MODE, {}) == [("force_generic_plan",)]
    assert fetch("SELECT %(n)s::int", {"n": 3}) == [(3,)]
