"""Loads and attacks: `make bench ARGS="scans pages"`, or any of the names in `bench/__main__.py`.

Each figure is printed beside its floor, measured in the same run; nothing is asserted on time.
With BENCH_BASE=v1.0, pages and scans are measured beside that commit, too, by turns.

The clients are our own: `wrk` and its like ask one thing again and again as fast as they are
answered, while a scan must be a new one each time, arrivals keep their own rate, and the processor
time of the server, not of the machine, is what is compared.
"""

import salon.models  # noqa: F401  (relationships name each other's tables)
