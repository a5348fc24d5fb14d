"""What the page on which a rule is tried reads from its boxes, and what it shows of it."""
