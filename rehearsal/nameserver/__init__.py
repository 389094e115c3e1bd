"""An authoritative and recursive DNS server for loopback; its door is rehearsal/zone.py."""
