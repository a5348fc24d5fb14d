"""The person in hospital and the stay: every act from admission to discharge, and its undoing."""
