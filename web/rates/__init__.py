"""The figures on screens: the month, the quarter, the year, surveys, and what others counted."""
