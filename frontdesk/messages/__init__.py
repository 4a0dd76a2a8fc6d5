"""Messages that come and go through messaging platforms: nothing is lost, answered twice, or out of order."""
