"""Emulated AWS on loopback: ``EmulatedAws`` in a test, ``python -m rehearsal.aws`` by hand.

One moto server, with the parts of SES, SNS, KMS, IAM, STS and CloudWatch in front of it that moto
lacks or gets wrong. docs/emulation.md says what it does not imitate.
"""

from rehearsal.aws.server import EmulatedAws

__all__ = ["EmulatedAws"]
