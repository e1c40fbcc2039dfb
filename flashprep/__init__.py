"""Spaced-repetition flashcards for the backend-engineer interview."""

__version__ = "0.1.0"
