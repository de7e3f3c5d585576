"""Zalo Official Accounts: articles in steps, private messages with followers, numbers, by the consent of the account's admin."""
