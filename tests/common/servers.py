"""Servers of a few lines, for tests of what talks to the outside."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Handler = Callable[[socket.socket, bytes], None]


@dataclass
class Server:
    """A server on loopback; ``asked`` are the heads and bodies it was sent, in order."""

    port: int
    asked: list[str] = field(default_factory=list)

    def heads(self) -> list[str]:
        """The first lines."""
        return [one.partition("\r\n")[0] for one in self.asked]


@contextlib.contextmanager
def serving(*handlers: Handler) -> Iterator[Server]:
    """Each connection gets the next handler, the last one again and again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1])
        stop = threading.Event()

        def run() -> None:
            for number in range(10_000):
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError):
                    if stop.is_set():
                        return
                    connection.settimeout(5)
                    head = read_request(connection)
                    server.asked.append(head.decode("latin-1"))
                    handlers[min(number, len(handlers) - 1)](connection, head)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            stop.set()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1):
                pass
            thread.join(10)


def read_request(connection: socket.socket) -> bytes:
    """The head and the body of a request."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65_536)
        if not more:
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def answers(body: str | bytes = "{}", status: str = "200 OK", *headers: str) -> Handler:
    """A whole answer."""
    content = body.encode() if isinstance(body, str) else body
    kind = (
        ()
        if any(h.lower().startswith("content-type") for h in headers)
        else ("Content-Type: application/json",)
    )
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", *kind, *headers, "", ""])

    def handle(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(head.encode() + content)

    return handle


def sends(*pieces: bytes, every_s: float = 0.0) -> Handler:
    """These bytes, one piece after the other."""
    wait = threading.Event()

    def handle(connection: socket.socket, _request: bytes) -> None:
        for piece in pieces:
            connection.sendall(piece)
            wait.wait(every_s)

    return handle


def hangs_up(connection: socket.socket, _request: bytes) -> None:
    """No answer."""
