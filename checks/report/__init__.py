"""One Report, rendered as text, JSON or JSON lines. Nothing else prints."""
