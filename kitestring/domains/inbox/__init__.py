"""People's answers come in, are listed oldest owed first, and are answered through the same ledger as posts."""
