"""Who saw whom: written down for every answer, and shown to whoever keeps the accounts of a house.

`reading` is the one door through which every answer goes; `pages` asks the history; `leaks` keeps
the cases of a leak.
"""
