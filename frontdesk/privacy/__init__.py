"""What is known of a person: masked where nothing needs it, forgotten in time, shown and erased when they ask."""
