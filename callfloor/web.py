"""The web application: every room's API, the sockets, the pages, health and metrics."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.staticfiles import StaticFiles

import agent_desktop
from agent_desktop import api as desk_api
from agent_desktop import history_api
from agent_desktop import socket as desk_socket
from callfloor import __version__
from common import problems
from common.problems import Problem

PAGE = Path(agent_desktop.__file__).parent / "web" / "dist"


def make_app() -> FastAPI:
    """The application without its state; ``server`` fills in runner, database, hub and the rest."""
    app = FastAPI(
        title="Callfloor",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url="/api/docs",
        redoc_url=None,
    )
    app.add_middleware(GZipMiddleware, minimum_size=2_000)
    problems.install(app)
    for router in _routers():
        app.include_router(router)
    _add_health(app)
    _add_page(app)
    return app


def _routers() -> list[APIRouter]:
    from acd import api as acd_api
    from common import auth, calendars
    from crm_bridge import api as crm_api
    from ivr import api as ivr_api
    from telephony.embedded import websocket as sip_socket

    return [
        auth.router,
        calendars.router,
        acd_api.router,
        ivr_api.router,
        crm_api.router,
        desk_api.router,
        desk_socket.router,
        history_api.router,
        sip_socket.router,
    ]


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", tags=["operation"])
    async def healthz() -> dict[str, str]:
        """200 while the floor runs, 503 when it has stopped."""
        failure = app.state.runner.failure
        if failure is not None:
            raise Problem(503, "The floor has stopped", str(failure))
        return {"status": "ok", "version": __version__}

    @app.get("/metrics", tags=["operation"])
    async def metrics() -> Response:
        """Figures for Prometheus."""
        registry: CollectorRegistry = app.state.metrics
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _add_page(app: FastAPI) -> None:
    if not (PAGE / "index.html").is_file():

        @app.get("/", include_in_schema=False)
        async def no_page() -> Response:
            raise Problem(503, "The web app is not built", "Run `make web`, then reload.")

        return
    app.mount("/assets", StaticFiles(directory=PAGE / "assets"), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> FileResponse:
        """The browser app; it finds its own way from the path."""
        if path.startswith(("api/", "sip")):
            raise Problem(404, "No such thing", f"There is nothing at /{path}.")
        file = (PAGE / path).resolve()
        if path and file.is_file() and file.is_relative_to(PAGE):
            return FileResponse(file)
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})
