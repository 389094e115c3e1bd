"""Coroutines that ask the questions and return facts. No sockets, no judgement."""
