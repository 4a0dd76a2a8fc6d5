"""What all doors have in common: words made safe, one turn of a conversation, what is logged of a failure."""
