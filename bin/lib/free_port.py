"""Prints the first port from the given one on that nobody listens on, on this machine's loopback."""

from __future__ import annotations

import socket
import sys


def main() -> None:
    first = int(sys.argv[1])
    for port in range(first, first + 100):
        with socket.socket() as probe:
            # Connections of a run that just ended may linger; they are no neighbour.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            sys.stdout.write(f"{port}\n")
            return
    sys.exit(f"All ports from {first} to {first + 99} are in use. Choose one by KITESTRING_BIND.")


if __name__ == "__main__":
    main()
