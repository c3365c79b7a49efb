"""`kneeroll coach`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kneeroll.cli.common import Estimator, fail, in_words, unlock
from kneeroll.networks import DEFAULT


def coach(
    port: Annotated[int, typer.Option(min=1, max=65534, help="Port on 127.0.0.1.")] = 8765,
    plan: Annotated[Path | None, typer.Option(help="A plan as a TOML file, for this time instead of your own.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    estimator: Estimator = DEFAULT,
    phone: Annotated[
        bool, typer.Option("--phone", help="A phone is camera and speaker: serve it, and only it, on your network (next port).")
    ] = False,
    phone_host: Annotated[
        str, typer.Option(help="With --phone: this machine's address in the phone's network, if it is not found by itself.")
    ] = "",
) -> None:
    """Open the coach at http://127.0.0.1:8765."""
    from kneeroll.cli.movements import all_movements
    from kneeroll.plans import read_plan
    from kneeroll.web.server import serve

    if phone_host and not phone:
        raise fail("--phone-host goes with --phone")
    unlock()
    in_words(
        lambda: serve(
            port=port,
            plan=None if plan is None else read_plan(plan, all_movements()),
            open_browser=browser,
            network=estimator,
            phone=phone,
            phone_host=phone_host,
        )
    )
