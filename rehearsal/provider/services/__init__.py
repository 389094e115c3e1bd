"""One module for a service: the facts of its resource types, and how AWS is asked for them."""
