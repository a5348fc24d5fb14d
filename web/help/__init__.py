"""Help for everybody: what the words mean, one page of guide for each role, the first day."""
