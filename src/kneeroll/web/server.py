"""Serve the page on 127.0.0.1 until Ctrl-C."""

from __future__ import annotations

import contextlib
import socket
import threading
import webbrowser

from kneeroll.errors import KneerollError
from kneeroll.journal import Journal
from kneeroll.networks import DEFAULT, Network
from kneeroll.plans import Plan

HOST = "127.0.0.1"
LARGEST_MESSAGE = 4_100_000


class PortTaken(KneerollError):
    """Somebody else listens on the port; the message offers another."""


def serve(*, port: int, plan: Plan, open_browser: bool = True, network: Network = DEFAULT) -> None:
    """Open the journal, say the address, serve. PortTaken or JournalUnavailable before anything starts."""
    import uvicorn

    from kneeroll.web.app import create_app

    listening = _listen(port)
    with Journal.open() as journal, listening:
        journal.check_writable()
        app = create_app(plan, journal, port, network)
        config = uvicorn.Config(
            app, log_level="warning", ws_max_size=LARGEST_MESSAGE, ws_max_queue=4, timeout_graceful_shutdown=2
        )
        address = f"http://{HOST}:{port}"
        print(f"kneeroll is ready at {address}   (Ctrl-C ends it)", flush=True)
        if open_browser:
            threading.Timer(0.5, _open, [address]).start()
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    print("kneeroll has ended.", flush=True)


def _open(address: str) -> None:
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(address)


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise PortTaken(f"port {port} is taken. Try another: make coach PORT={_free_port(port)}") from error
    return listening


def _free_port(near: int) -> int:
    for port in range(near + 1, min(near + 50, 65535)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port
    return 8800
