"""Errors that the user can mend: each carries the one message that is shown and the exit code."""


class FlashprepError(Exception):
    """A mistake or a fault outside flashprep: what happened, and what mends it, in one line."""

    exit_code = 2


class BadFile(FlashprepError):
    """A file with data of the user's cannot be used as it is."""


class BadConfig(BadFile):
    """The config file cannot be used as it is."""


class BadStore(FlashprepError):
    """The store cannot be opened, read or written."""


class NotFound(FlashprepError):
    """Nothing in the collection answers to the name that the user gave."""


class FileChanged(FlashprepError):
    """A file was changed by somebody else between reading and writing it."""
