"""Start flashprep as ``python -m flashprep``."""

from flashprep.cli import main

if __name__ == "__main__":
    main()
