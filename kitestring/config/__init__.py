"""Assembles the instance: settings, addresses, server entry. Holds no logic."""
