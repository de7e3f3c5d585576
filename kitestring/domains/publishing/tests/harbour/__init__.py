"""A channel of our own for tests: one small platform, four ways of being safe against doubles, and a hand-off."""
