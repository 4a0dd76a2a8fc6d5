"""Messages of people in danger and their harmless twins, and how the trained model hears them."""
