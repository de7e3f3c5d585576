"""`python -m kitestring.cli`: the same as the command `kitestring`, for the supervisor's children."""

import sys

from kitestring.cli.main import main

sys.exit(main())
