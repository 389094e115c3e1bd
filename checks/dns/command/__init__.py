"""What the command line of the DNS check is made of."""
