"""Reads of the AWS account with boto3. Importing a module here imports boto3."""
