"""What two sides do about a handoff: worklist, sending, answering, FAX, links, conference."""
