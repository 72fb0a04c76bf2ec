"""What clusters of several sizes take."""

import cluster_sizes
from measuring import LOOKOUT, SANDBOX


def measure(bench):
    return cluster_sizes.measure(LOOKOUT, SANDBOX, bench.folder, bench.progress)


def goals(_figures):
    return []


section = cluster_sizes.section
