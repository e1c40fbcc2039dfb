"""FSRS: the log folded into memory states, days, intervals, the queue. Pure: knows no file, clock, database or screen."""
