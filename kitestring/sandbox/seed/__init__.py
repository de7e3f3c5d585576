"""Fills an instance with the demo world: two brands, three months behind them and three weeks ahead."""
