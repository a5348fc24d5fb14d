"""Sheets while they are written, and as they were handed over: answers, never definitions."""
