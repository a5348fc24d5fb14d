"""The yearly one-month survey: opened by the health centre, filled in from the events.

Each office corrects what it knows better; the two counts then stand beside each other, so that
a region keeps its series. An answer changes no event and no figure of the month.
"""
