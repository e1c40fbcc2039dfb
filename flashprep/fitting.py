"""Personal parameters of FSRS: fitted to the log, adopted only if they predict later reviews better, taken back on request."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.planning import habits
from flashprep.planning.habits import Learned
from flashprep.planning.learner import DEFAULT_PARAMETERS
from flashprep.store import fit as store
from flashprep.store.fit import Fit

LEAST = 400  # reviews on a later day; below it a fit says more about chance than about the learner
_EARLIER = 0.8  # share of the reviews that the trial is fitted to; the later ones judge it
_BINS = (0.0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)


class Bin(NamedTuple):
    """Later reviews with a predicted recall in a range."""

    low: float
    high: float
    reviews: int
    predicted: float  # mean, 0..1
    true: float


class Trial(NamedTuple):
    """What a fit to the earlier reviews predicts of the later ones, beside the parameters of now."""

    reviews: int  # on a later day than the one before
    later: int  # of these, those that judge
    loss_before: float
    loss_after: float
    before: list[Bin]
    after: list[Bin]
    parameters: tuple[float, ...]  # fitted to all reviews

    @property
    def better(self) -> bool:
        """Tell whether the fit predicts better."""
        return self.loss_after < self.loss_before


class _Item(NamedTuple):
    at: int  # epoch ms of the review that is predicted
    history: Any  # an item of the library: the reviews up to it
    before: Any  # the same without it
    days: int
    passed: bool


def try_fit(collection: Collection) -> Trial:
    """Fit parameters to the earlier reviews and judge them by the later ones."""
    from fsrs_rs_python import FSRS

    items = sorted(_items(collection), key=lambda item: item.at)
    if len(items) < LEAST:
        raise FlashprepError(
            f"there are {len(items)} reviews on a later day, and a fit needs {LEAST}: until then the defaults of FSRS are better"
        )
    cut = int(len(items) * _EARLIER)
    earlier, later = items[:cut], items[cut:]
    now = tuple(collection.config.settings.parameters or DEFAULT_PARAMETERS)
    trial = tuple(FSRS(list(DEFAULT_PARAMETERS)).compute_parameters([item.history for item in earlier]))
    judged = [item.history for item in later]
    before, after = (FSRS(list(parameters)).evaluate(judged).log_loss for parameters in (now, trial))
    final = tuple(FSRS(list(DEFAULT_PARAMETERS)).compute_parameters([item.history for item in items]))
    return Trial(
        len(items), len(later), before, after, _calibration(later, now), _calibration(later, trial), _rounded(final)
    )


def _rounded(parameters: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(round(value, 6) for value in parameters)


def adopt(collection: Collection, trial: Trial) -> None:
    """Let fitted parameters count; all memory is made anew with them at the next start."""
    fit = Fit(collection.now().ms, trial.parameters, trial.reviews, trial.loss_before, trial.loss_after)
    store.adopt(collection.db, fit)


def take_back(collection: Collection) -> Fit:
    """Take back the fit that counts."""
    found = store.take_back(collection.db, collection.now().ms)
    if found is None:
        raise FlashprepError("the parameters are the defaults of FSRS: there is nothing to take back")
    return found


def _items(collection: Collection) -> list[_Item]:
    """Make an item of each review on a later day; one with only reviews of the same day would bring the library down."""
    from fsrs_rs_python import FSRSItem, FSRSReview

    made = []
    for _, group in groupby(store.reviews(collection.db), key=itemgetter(0)):
        reviews: list[Any] = []
        last = 0
        for _, rating, day, at in group:
            days = max(0, day - last) if reviews else 0
            reviews.append(FSRSReview(rating, days))
            if days:
                made.append(_Item(at, FSRSItem(reviews), FSRSItem(reviews[:-1]), days, rating > 1))
            last = max(last, day)
    return made


def _calibration(items: list[_Item], parameters: tuple[float, ...]) -> list[Bin]:
    """Compare predicted with true recall, in ranges of the predicted one."""
    from fsrs_rs_python import FSRS

    decay = parameters[20]
    factor = 0.9 ** (-1 / decay) - 1
    states = FSRS(list(parameters)).memory_state_batch([item.before for item in items])
    bins: list[list[tuple[float, bool]]] = [[] for _ in _BINS[1:]]
    for item, state in zip(items, states, strict=True):
        recall = (1 + factor * item.days / state.stability) ** -decay
        number = next((n for n, high in enumerate(_BINS[1:]) if recall <= high), len(bins) - 1)
        bins[number].append((recall, item.passed))
    return [
        Bin(low, high, len(found), sum(p for p, _ in found) / len(found), sum(t for _, t in found) / len(found))
        for low, high, found in zip(_BINS, _BINS[1:], bins, strict=False)
        if found
    ]


def learned(collection: Collection) -> Learned:
    """Learn from the whole log how long visits take, how the learner answers, and on which share of the days there are any."""
    return habits.learned(store.recent(collection.db, 0), collection.now().day)
