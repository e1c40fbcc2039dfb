"""Planning for a date: what a learner remembers on that day, and which cards to show until then. Pure: plain numbers in and out."""
