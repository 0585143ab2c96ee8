"""The server that `mapapp serve` runs, and how much it bears."""

import resource
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import Server
from granian.server.common import AbstractServer

LONGEST_STOP = 5  # seconds after Ctrl-C until a worker process is killed
HEAD_MS = 15_000  # milliseconds for the head of a request, and between two requests
HEAD_BYTES = 16 * 1024  # also what may wait to be sent of an answer
CONNECTIONS = 4096  # open at the same time, in all worker processes together


def make_server(
    host: str, port: int, workers: int, target: str = "mapapp.app:create_server_app"
) -> AbstractServer[Any]:
    """Return a server for the ASGI application that the function ``target`` makes."""
    _allow_files(2 * CONNECTIONS)
    return Server(
        target,
        factory=True,
        interface=Interfaces.ASGINL,
        address=host,
        port=port,
        workers=workers,
        # Only version 1 has a time limit for a connection on which nothing comes.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MS, max_buffer_size=HEAD_BYTES),
        backlog=CONNECTIONS,
        log_access=False,
        websockets=False,
        # Without this, the server would wait forever for a worker that is not listening yet.
        workers_kill_timeout=LONGEST_STOP,
    )


def _allow_files(wanted: int) -> None:
    """Let this process and its children have more files and connections open, if they may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
