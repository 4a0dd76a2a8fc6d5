"""The Socket.IO door, for websites with a client of their own."""
