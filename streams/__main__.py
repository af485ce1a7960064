"""``python -m streams``: the same program as ``greenroom``."""

from streams.cli import main

if __name__ == "__main__":
    main()
