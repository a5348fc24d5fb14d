"""The year of a region: what others count, typed in, beside what is counted here.

`outside` keeps figures from outside with source, day and history; `goals` the region's own
goals; `report` sets them side by side; `leaving` takes out what must not leave the health centre.
"""
