"""The emulated WeChat behind `emulator.py`: what it remembers, its articles, its comments."""
