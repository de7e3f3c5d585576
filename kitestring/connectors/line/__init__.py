"""LINE Official Accounts: messages to friends, private talks by webhook, statistics, by channel secret."""
