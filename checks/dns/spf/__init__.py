"""SPF (RFC 7208): parse, evaluate, judge."""
