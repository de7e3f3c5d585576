"""The first page of an empty instance, and the brands of a workspace."""
