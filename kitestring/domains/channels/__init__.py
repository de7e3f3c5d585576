"""The accounts a brand holds on its channels, with their grants sealed, and what each account can do."""
