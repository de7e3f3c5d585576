"""`python -m kitestring.cli.sandboxed`: what web and worker must find in their surroundings to speak with the sandbox.

A process of its own, for the supervisor: reading the connectors' manifests would make it five times as large.
"""

from __future__ import annotations

import json
import sys

from kitestring.config.environment import home
from kitestring.sandbox.addresses import PortsTaken, addresses

if __name__ == "__main__":
    try:
        print(json.dumps(addresses(home()).surroundings()))
    except PortsTaken as taken:
        sys.exit(str(taken))
