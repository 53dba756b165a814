"""How whoever is asked says that a question cannot be answered."""


class CannotAnswer(Exception):
    """There is no answer; the text says why, holds no value of the question, and may be shown and logged."""
