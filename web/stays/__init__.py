"""What a hospital does about a stay: board, registration, assessment, plan, discharge, mending."""
