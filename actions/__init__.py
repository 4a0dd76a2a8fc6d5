"""Rasa custom actions: thin adapters from a tracker to the front desk and back."""
