"""Booking a consultation: the calendar, the conversation about it, and the notices that follow."""
