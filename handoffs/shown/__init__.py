"""What pages show, as frozen values: read for one viewer, never written."""
