"""The facts store: what the assistant may say, read from YAML, with the clinic's own values laid over it."""
