"""What is verified: DNS, the AWS account, the request. Never imports pulumi."""

__version__ = "0.1.0"
