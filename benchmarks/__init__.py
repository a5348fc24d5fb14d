"""Measurements that a person runs: `python -m benchmarks.one_decision` and its neighbours.

Each prints one table. Seconds differ from machine to machine and from run to run;
ratios of things measured by turns in one run are what is compared, as medians of at least
five. Nothing here is part of the product.
"""
