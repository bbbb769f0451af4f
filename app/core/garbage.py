"""What the collector of garbage looks through."""

import gc


def keep_what_is_here() -> None:
    """What is here now stays: the collector need not look through it over and over, which takes 0.1 s each time."""
    gc.collect()
    gc.freeze()
