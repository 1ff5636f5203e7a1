"""The error that a user can mend: one message with the fact, the place and the remedy."""

from __future__ import annotations


class FindError(ValueError):
    """Something in a text, an expression or a wish is not right; the message says what, where and what to do."""
