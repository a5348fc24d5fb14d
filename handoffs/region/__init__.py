"""A region as a whole: whom to turn to in it, and who takes part so far. Reaches no stay."""
