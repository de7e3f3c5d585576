"""Language tools in plain Python, each behind a small function; they work with nothing else installed."""
