"""Discord: a channel of a server, by a bot (answers come in) or by an incoming webhook (publishing only)."""
