"""What the rules were asked about a stay, what they answered, and why."""
