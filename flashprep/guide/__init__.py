"""Data files that came with flashprep or that the user wrote: phases of the preparation, rounds, and the loops of companies."""
