"""All that is changed in Rasa's training."""

from __future__ import annotations

from engine import training_data_once, uncached_training

CHANGES = (*training_data_once.CHANGES, *uncached_training.CHANGES)
