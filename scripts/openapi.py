"""Print the HTTP API as OpenAPI JSON: ``python scripts/openapi.py``; `make types` makes TypeScript of it."""

import json

from callfloor.web import make_app


def openapi() -> str:
    """The document, the same text for the same API."""
    return json.dumps(make_app().openapi(), ensure_ascii=False, indent=1, sort_keys=True)


if __name__ == "__main__":
    print(openapi())
