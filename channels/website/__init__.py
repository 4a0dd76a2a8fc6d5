"""The website door: signed sessions, whole replies with their sources, and a demo page."""

from channels.website.channel import WebsiteChannel

__all__ = ["WebsiteChannel"]
