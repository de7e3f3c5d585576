"""One folder a channel, plain Python. The registry finds them; nobody lists them."""
