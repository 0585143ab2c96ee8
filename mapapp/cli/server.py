"""The server that `mapapp serve` runs, and how much it bears."""

import ctypes
import gc
import multiprocessing
import resource
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import Server
from granian.server.common import AbstractServer

from mapapp.actions.operations.site_setup import check_site
from mapapp.cli.tools import leave_no_core, open_site
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.zone_towns import town_zones
from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.errors import N_, BadInputError

LONGEST_STOP = 5  # seconds after Ctrl-C until a worker process is killed
HEAD_MS = 15_000  # milliseconds for the head of a request, and between two requests
HEAD_BYTES = 16 * 1024  # also what may wait to be sent of an answer
SITE_MAKER = "mapapp.app:create_server_app"
"""What makes the site in a process of the server; only the server itself imports it."""
CONNECTIONS = 4096  # open at the same time, in all worker processes together


def serve(host: str, port: int, workers: int) -> None:
    """Serve the site until Ctrl-C."""
    leave_no_core()
    gc.disable()  # nothing of what is loaded is let go, so there is nothing to collect
    with open_site(write=False) as (settings, session):
        check_site(session)
        _ = settings.secret
    _check_port(host, port)
    _load_for_all_workers()
    make_server(host, port, workers).serve()


def _load_for_all_workers() -> None:
    """Load the site, and what searches need, before the worker processes fork: they share it.

    Otherwise each would load its own copy, and a reader of each would have to wait.
    """
    if multiprocessing.get_start_method() != "fork":
        return
    with ThreadPoolExecutor(1) as beside:  # half of the loading lets another thread work
        loading = beside.submit(_load_tables)
        site = import_module(SITE_MAKER.partition(":")[0])
        loading.result()
    site.make_for_all_processes()
    _give_back_memory()
    gc.freeze()  # collecting garbage in a worker would copy the shared memory


def _load_tables() -> None:
    load_areas()
    town_zones()
    load_catalogue()


def _give_back_memory() -> None:
    """Let the system have what loading needed in passing; otherwise every worker would keep it."""
    with suppress(AttributeError, OSError):  # another C library may have no such function
        ctypes.CDLL(None).malloc_trim(0)


def _check_port(host: str, port: int) -> None:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInputError(
            N_(
                "Cannot listen on %(host)s port %(port)s: %(reason)s. Try another: mapapp serve "
                "--port 8080"
            ),
            host=host,
            port=str(port),
            reason=reason,
        ) from None


def make_server(
    host: str, port: int, workers: int, target: str = SITE_MAKER
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
