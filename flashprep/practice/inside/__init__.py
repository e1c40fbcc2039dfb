"""What runs beside the user's code, in its process: started by ``judge``, imports nothing else of flashprep."""
