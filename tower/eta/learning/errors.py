"""What can go wrong with learning arrivals, in words a person can act on."""


class LearningError(Exception):
    """Base of what learning cannot do."""


class TooLittle(LearningError):
    """There are too few shifts, or predictions in them, to learn from; the message says what."""


class TrainingBusy(LearningError):
    """Another training is under way in the same folder."""


class ModelUnusable(LearningError):
    """A model that was learnt cannot be used: damaged, of another version, or not there."""
