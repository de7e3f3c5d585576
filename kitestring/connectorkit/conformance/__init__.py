"""One suite for every connector, driven by its manifest: what it says it can do, it must do on its emulator.

    for case in cases_for(connector): await run(connector, case, folder)

A power that the manifest does not claim has no case. Nothing here knows a channel by name.
"""

from kitestring.connectorkit.conformance.bench import Bench, Nonconforming
from kitestring.connectorkit.conformance.run import Case, cases_for, cases_of_a_way, run, ways_of

__all__ = ["Bench", "Case", "Nonconforming", "cases_for", "cases_of_a_way", "run", "ways_of"]
