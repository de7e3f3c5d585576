"""What a connector is: its manifest, its Protocols, its four outcomes, and the suite that all must pass."""
