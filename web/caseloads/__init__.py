"""A community support centre's day: its caseload, and the steps towards a certification."""
