"""Installing the front desk and running it."""
