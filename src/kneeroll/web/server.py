"""Serve the page on 127.0.0.1 until Ctrl-C; with a phone as the camera, serve that phone on the local network as well."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import sys
import threading
import webbrowser
from datetime import UTC, datetime
from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING, Any

from kneeroll.cameras.picture import MAX_BYTES
from kneeroll.errors import NoNetwork, PortTaken
from kneeroll.journal import Journal
from kneeroll.journal.upkeep import erase_expired
from kneeroll.networks import DEFAULT, Network
from kneeroll.plans import Plan
from kneeroll.web.certificate import make_certificate

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

HOST = "127.0.0.1"
LARGEST_MESSAGE = MAX_BYTES + 100_000
"""Bytes of a message of the page: a picture and its header."""


def serve(
    *,
    port: int,
    plan: Plan | None,
    open_browser: bool = True,
    network: Network = DEFAULT,
    phone: bool = False,
    phone_host: str = "",
) -> None:
    """Open the journal, say the address, serve; with `phone` also one phone at `phone_host` (found by itself if empty).

    PortTaken, NoNetwork or JournalUnavailable before anything starts.
    """
    from kneeroll.web.app import create_app

    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(_listen(HOST, port))
        door = stack.enter_context(_listen(_phone_address(phone_host), port + 1, "PHONE=1 ")) if phone else None
        journal = stack.enter_context(Journal.open())
        journal.check_writable()
        erase_expired(journal, datetime.now(UTC))
        address = f"http://{HOST}:{port}"
        print(f"kneeroll is ready at {address}   (Ctrl-C ends it)", flush=True)
        if door is None:
            servers = [(_server(create_app(plan, journal, port, network)), listening)]
        else:
            servers = _servers_with_phone(plan, journal, network, listening, door)
        if open_browser:
            threading.Timer(0.5, _open, [address]).start()
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_run(servers))
    print("kneeroll has ended.", flush=True)


async def _run(servers: list[tuple[uvicorn.Server, socket.socket]]) -> None:
    # each server takes Ctrl-C from the one before and hands it back at its end: the door for the phone closes first
    await asyncio.gather(*(server.serve(sockets=[listening]) for server, listening in servers))


def _server(app: ASGIApp, **options: Any) -> uvicorn.Server:
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="warning",
        ws_max_size=LARGEST_MESSAGE,
        ws_max_queue=4,
        timeout_graceful_shutdown=2,
        **options,
    )
    config.load()
    return uvicorn.Server(config)


def _servers_with_phone(
    plan: Plan | None, journal: Journal, network: Network, listening: socket.socket, door: socket.socket
) -> list[tuple[uvicorn.Server, socket.socket]]:
    """The server for this machine, then the one for the phone: the same routes behind two guards."""
    from kneeroll.web.app import create_routes
    from kneeroll.web.guard import LocalOnly, PairedOnly
    from kneeroll.web.phone import Phone

    address, port = door.getsockname()
    certificate = make_certificate(IPv4Address(address), datetime.now(UTC))
    print(f"The phone's browser will warn. The certificate's SHA-256 fingerprint is\n{certificate.fingerprint}", flush=True)
    phone = Phone(f"https://{address}:{port}", certificate.fingerprint, _print_code)
    routes = create_routes(plan, journal, network, phone)
    here = _server(LocalOnly(routes, listening.getsockname()[1]))
    with certificate.files() as (pem, key):
        there = _server(
            PairedOnly(routes, phone, f"{address}:{port}"),
            lifespan="off",
            server_header=False,
            ssl_certfile=pem,
            ssl_keyfile=key,
        )
    return [(here, listening), (there, door)]


def _print_code(address: str) -> None:
    import segno

    print(f"Scan this with the phone, which must be in the same network:\n{address}", flush=True)
    with contextlib.suppress(UnicodeEncodeError):  # a terminal without the blocks has the address
        segno.make_qr(address).terminal(sys.stdout, compact=True)


def _open(address: str) -> None:
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(address)


def _phone_address(asked: str) -> str:
    """This machine's address in the local network: `asked`, or the one from which packets would leave (none is sent)."""
    if asked:
        try:
            return str(IPv4Address(asked))
        except AddressValueError as error:
            raise NoNetwork(f"{asked} is not an address like 192.168.1.23") from error
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 9))
        except OSError as error:
            raise NoNetwork(
                "this machine is in no network, so that no phone can reach it. Join your Wi-Fi and try again, or name "
                "this machine's address: kneeroll coach --phone --phone-host 192.168.1.23"
            ) from error
        found = IPv4Address(probe.getsockname()[0])
    if found.is_global:
        raise NoNetwork(
            f"{found} can be reached from the whole internet, so that the coach does not listen there. Join a private "
            f"Wi-Fi, or say that you mean it: kneeroll coach --phone --phone-host {found}"
        )
    return str(found)


def _listen(host: str, port: int, options: str = "") -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise NoNetwork(f"{host} is not an address of this machine") from error
        raise PortTaken(f"port {port} is taken. Try another: make coach {options}PORT={_free_port(port)}") from error
    return listening


def _free_port(near: int) -> int:
    for port in range(near + 1, min(near + 50, 65535)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port
    return 8800
