"""Telling the outside: what is to be said, to whom, when, and whether it arrived."""
