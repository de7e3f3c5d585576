"""A channel inside the test's own process: four ways of safety, every fault, and a place to die at each step."""
