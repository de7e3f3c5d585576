"""The `kitestring` command: start and stop an instance, look at its health, back it up and bring it back.

Each subcommand is a file with `add_arguments(parser)` and `run(arguments) -> exit code`; only the one asked for is
imported, so that the supervisor stays small and quick. What goes wrong is said as a sentence, never as a trace.
"""
