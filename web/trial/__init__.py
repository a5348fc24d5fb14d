"""Trying a rule: the simulator of one person, the back-test of past stays, and their boxes."""
