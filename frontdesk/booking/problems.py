"""Why a notice was not delivered."""


class Refused(Exception):
    """It will not be taken, however often it is tried; the message says why and names nobody."""


class Unreachable(Exception):
    """It was not taken this time; the message says why and names nobody."""
