"""Pages about a region as a whole: whom to turn to, and who takes part. No stay is on them."""
