"""What we change in Rasa's own machinery; each change is made in one place and named there."""
