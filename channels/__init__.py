"""The doors: how a visitor's words come in and how the replies go out."""
