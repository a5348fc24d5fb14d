"""What was given to another organization about somebody: by which way, and on which ground."""
