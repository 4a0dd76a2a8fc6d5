"""Rasa graph components: from a visitor's text to questions, entities and danger signs."""
