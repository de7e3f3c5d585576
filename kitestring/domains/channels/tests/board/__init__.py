"""A channel without an interface for programs: a person writes on it by hand."""
