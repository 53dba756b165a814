"""``domain`` leans on nothing but the standard library and itself."""

import ast
import sys
from pathlib import Path

import pytest

import domain

FILES = sorted(Path(domain.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_only_the_standard_library_is_imported(file: Path) -> None:
    """Every import statement, also inside functions, is absolute and names ``sys.stdlib_module_names``."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: a relative import"
            names = [node.module or ""]
        for name in names:
            root = name.split(".")[0]
            assert root == "domain" or root in sys.stdlib_module_names, f"{file}: {ast.unparse(node)}"
