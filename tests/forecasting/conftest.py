"""One thread of linear algebra: matrices here are small, and tests run beside others."""

import os

for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
