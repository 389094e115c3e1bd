"""DMARC records, discovery and alignment (RFC 9989 beside RFC 7489)."""
