"""The record of changes: every line says what it is about, by its name, and leads there."""
