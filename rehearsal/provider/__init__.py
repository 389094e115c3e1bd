"""Stands in for the aws provider under the real Pulumi engine, over emulated AWS.

It is not pulumi-aws. Each resource type of the program is judged, compared, made, read and deleted
by facts of pulumi-aws 7.51 that are written down in services/; what they do not name is refused.
It does not wait as AWS makes pulumi-aws wait, and it talks to a loopback endpoint alone.
"""
