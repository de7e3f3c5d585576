"""The companies, clients and public persons a workspace speaks for, each in its own time zone and language."""
