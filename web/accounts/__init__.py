"""Pages about signing in: one's own account, the accounts of a house, invitations, passkeys."""
