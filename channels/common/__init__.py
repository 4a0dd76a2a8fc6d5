"""What doors have in common: words made safe, sessions, rates, refusals, one turn of a conversation, the apology."""
