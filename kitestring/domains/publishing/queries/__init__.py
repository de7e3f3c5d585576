"""Reads of the ledger; each starts from a member, a brand or a delivery's own account."""
