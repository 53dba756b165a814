"""The web application: every room's API, the sockets, the pages, health and metrics."""

import hmac
import time
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.staticfiles import StaticFiles

import agent_desktop
from agent_desktop import api as desk_api
from agent_desktop import floor_api, history_api, reports_api
from agent_desktop import socket as desk_socket
from callfloor import __version__
from callfloor.door import AnonymousLimit, Armour, BodyLimit, is_loopback
from common import problems
from common.auth import require
from common.problems import Problem

IMPORTS, MOST_IMPORT = "/api/planning/imports", 16 * 1024 * 1024
"""Files of calls are larger than other bodies: a year of a dozen queues has some ten million bytes."""
PAGE = Path(agent_desktop.__file__).parent / "web" / "dist"


def make_app(page: Path = PAGE) -> FastAPI:
    """The application without its state; ``server`` fills in runner, database, hub and the rest."""
    app = FastAPI(
        title="Callfloor",
        version=__version__,
        openapi_url=None,
        docs_url=None,  # it would load its scripts from elsewhere
        redoc_url=None,
    )
    app.add_middleware(GZipMiddleware, minimum_size=2_000)
    app.add_middleware(BodyLimit, larger={IMPORTS: MOST_IMPORT})
    app.add_middleware(AnonymousLimit, clock=time.monotonic)
    app.add_middleware(Armour)
    problems.install(app)
    for router in _routers():
        app.include_router(router)
    _add_operation(app)
    _add_page(app, page)
    return app


def _routers() -> list[APIRouter]:
    from acd import api as acd_api
    from common import auth, calendars
    from crm_bridge import api as crm_api
    from forecasting import api as planning_api
    from ivr import api as ivr_api
    from scheduling import api as rosters_api
    from telephony.embedded import websocket as sip_socket

    return [
        auth.router,
        calendars.router,
        acd_api.router,
        ivr_api.router,
        crm_api.router,
        planning_api.router,
        rosters_api.router,
        desk_api.router,
        floor_api.router,
        desk_socket.router,
        history_api.router,
        reports_api.router,
        sip_socket.router,
    ]


def _add_operation(app: FastAPI) -> None:
    @app.get("/healthz", tags=["operation"])
    async def healthz() -> dict[str, str]:
        """200 while the floor runs, 503 when it has stopped."""
        if app.state.runner.failure is not None:
            # Why is in the log: anybody may ask here.
            raise Problem(503, "The floor has stopped", "The journal cannot be written; the log says why.")
        return {"status": "ok", "version": __version__}

    @app.get("/metrics", tags=["operation"], dependencies=[Depends(_may_watch)])
    async def metrics() -> Response:
        """Figures for Prometheus: on this machine, with the token of the settings, or for supervisors."""
        # On the event loop on purpose: the figures are read between two steps of the floor.
        registry: CollectorRegistry = app.state.metrics
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @app.get("/api/openapi.json", include_in_schema=False, dependencies=[Depends(_may_read_api)])
    async def openapi() -> dict[str, Any]:
        """This API's description, on this machine or signed in."""
        return app.openapi()


def _may_watch(request: Request) -> None:
    if is_loopback(request):
        return
    token: str = request.app.state.settings.web.metrics_token
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    if token and scheme.lower() == "bearer" and hmac.compare_digest(sent.encode(), token.encode()):
        return
    require("supervisor", "admin")(request)


def _may_read_api(request: Request) -> None:
    if not is_loopback(request):
        require()(request)


def _add_page(app: FastAPI, folder: Path) -> None:
    folder = folder.resolve()
    if not (folder / "index.html").is_file():

        @app.get("/", include_in_schema=False)
        async def no_page() -> Response:
            raise Problem(503, "The web app is not built", "Run `make web`, then reload.")

        return
    app.mount("/assets", StaticFiles(directory=folder / "assets"), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> FileResponse:
        """The browser app; it finds its own way from the path."""
        if path.startswith(("api/", "sip")) or "\0" in path:
            raise Problem(404, "No such thing", f"There is nothing at /{path}.")
        file = (folder / path).resolve()
        if path and file.is_file() and file.is_relative_to(folder):
            return FileResponse(file)
        return FileResponse(folder / "index.html", headers={"Cache-Control": "no-cache"})
