"""The Pulumi components: everything that AWS needs for a sender that passes the gate."""
