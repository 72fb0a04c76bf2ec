"""Whether memory grows: what can be said of a few noisy points."""

import itertools
import statistics


def slope(points):
    """Of (SECONDS, VALUE) points by Theil and Sen: the median over every pair, which a third of wild
    points do not move. A second."""
    pairs = itertools.combinations(points, 2)
    return statistics.median((b - a) / (later - earlier) for (earlier, a), (later, b) in pairs)


def drift(points):
    """By what share of their median the values grew from the first point to the last, by slope()."""
    seconds = points[-1][0] - points[0][0]
    return slope(points) * seconds / statistics.median(value for _, value in points)
