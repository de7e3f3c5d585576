"""Pure decisions of the ledger: how long to wait, what is late, what follows from an answer. No rows, no clock."""
