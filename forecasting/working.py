"""The planner's long work: see ``common.working``."""

from collections.abc import Callable

from common.working import CannotBeDone, NotWanted, Task, apart, here

__all__ = ["CannotBeDone", "NotWanted", "Task", "Tell", "apart", "here"]

Tell = Callable[[float, str], None]
"""How far the work is (0 to 1), and what it is at."""
