"""Who moves the questions."""
