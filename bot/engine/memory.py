"""What loading leaves behind goes back to the machine."""

import ctypes
import gc


def give_back() -> None:
    """Return freed memory to the system: reading the encoder's weights leaves some hundred megabytes of it.

    The C library keeps it otherwise. Where it is another one than glibc, nothing happens.
    """
    gc.collect()
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        pass
