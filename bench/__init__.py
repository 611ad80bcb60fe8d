"""Loads and faults: `python -m bench [scans] [badges] [pages] [start] [faults]`.

Each figure is printed beside its floor, measured in the same run; nothing is asserted on time.
With BENCH_BASE=v1.0, pages and scans are measured beside that commit, too, by turns.
"""
