"""Looks for what an operator forgets, before visitors find it."""
