"""One Report, rendered as text, JSON or JSON lines. Nothing here prints."""
