"""Coding problems: the starter, the user's attempt, and the tests that judge it in a process of its own."""
