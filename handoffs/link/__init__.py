"""Answering one handoff through a link, without signing in."""
