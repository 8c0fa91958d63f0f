"""Medians and how far they can be trusted."""
import random
import statistics

RESAMPLES = 4000
SEED = 7


def median(values):
    return statistics.median(values)


def interval(values):
    """The 95 % interval of the median, by bootstrap: medians of as many, drawn with return."""
    chance = random.Random(SEED)
    medians = sorted(statistics.median(chance.choices(values, k=len(values)))
                     for _ in range(RESAMPLES))
    return medians[RESAMPLES * 25 // 1000], medians[RESAMPLES * 975 // 1000 - 1]
