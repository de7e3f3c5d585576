"""The laws as plain functions: each takes source and gives back findings. The tests beside feed them our tree."""
