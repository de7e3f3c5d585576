"""Is the address free, and does a page come from it yet?"""

from __future__ import annotations

import http.client
import socket

from kitestring.cli.instance import Address

HEALTH = "/health"


def port_is_free(address: Address) -> bool:
    """Asked by taking it for a moment: the web server shares its port and would not notice a neighbour."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Connections of a run that just ended may linger; they are no neighbour.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError:
            return False
    return True


def answers(address: Address, patience: float = 2.0) -> bool:
    """Any answer to a request will do: the application is loaded."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104 - only compared
    connection = http.client.HTTPConnection(host, address.port, timeout=patience)
    try:
        connection.request("GET", HEALTH)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
