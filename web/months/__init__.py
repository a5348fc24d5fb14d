"""What a health centre does about a month beside reading it: opening it again, the quarter."""
