"""Measuring the assistant from outside, through its own doors."""
