"""The demo world, the audience behind the emulators, and real servers on loopback: for the demo, tests and benchmarks."""
