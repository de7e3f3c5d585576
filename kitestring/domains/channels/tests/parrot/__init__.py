"""A channel of our own for these tests: it asks for an address and a key, and its cage answers over real HTTP."""
