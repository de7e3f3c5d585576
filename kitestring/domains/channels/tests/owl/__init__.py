"""A channel that is connected by consent, for the tests of this domain."""
