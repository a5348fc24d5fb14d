"""FAX as a channel: verified numbers, sendings, codes and the slip that comes back."""
