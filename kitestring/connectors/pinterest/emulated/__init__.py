"""The inner parts of the Pinterest emulator: its accounts and boards, what a pin may be, how it is shown and counted."""
