"""One notification on the desktop, by what the system has: D-Bus on Linux, osascript on a Mac."""

from __future__ import annotations

import html
import os
import platform
import subprocess
from collections.abc import Callable

from kneeroll.errors import NotNotified

Show = Callable[[str], None]
"""Shows a line."""

TITLE = "kneeroll"
PATIENCE_S = 5.0
_SERVICE = "org.freedesktop.Notifications"
_SCRIPT = ("-e", "on run words", "-e", "display notification (item 2 of words) with title (item 1 of words)", "-e", "end run")


def find_notifier() -> Show:
    """What shows a notification here; on Linux it is asked whether it is there. NotNotified where nothing shows any."""
    return _run_script if platform.system() == "Darwin" else _ask_bus()


def _run_script(line: str) -> None:
    try:
        subprocess.run(["osascript", *_SCRIPT, TITLE, line], check=True, capture_output=True, timeout=PATIENCE_S)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotNotified(f"The notification could not be shown: {error}") from error


def _ask_bus() -> Show:
    (able,) = _call("GetCapabilities")

    def show(line: str) -> None:
        body = html.escape(line, quote=False) if "body-markup" in able else line
        _call("Notify", "susssasa{sv}i", (TITLE, 0, "", TITLE, body, [], {}, -1))

    return show


def _call(method: str, signature: str | None = None, body: tuple[object, ...] = ()) -> tuple[list[str], ...]:
    from jeepney import DBusAddress, DBusErrorResponse, new_method_call
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.wrappers import unwrap_msg

    service = DBusAddress(f"/{_SERVICE.replace('.', '/')}", _SERVICE, _SERVICE)
    try:
        with open_dbus_connection(_session_bus()) as connection:
            reply = connection.send_and_get_reply(new_method_call(service, method, signature, body), timeout=PATIENCE_S)
            answer: tuple[list[str], ...] = unwrap_msg(reply)
    except (OSError, RuntimeError, ValueError) as error:  # nobody listens there, or it is no address
        raise NotNotified(f"This machine shows no notifications: there is no desktop session ({error})") from error
    except DBusErrorResponse as error:
        raise NotNotified(f"This machine shows no notifications: {error}") from error
    return answer


def _session_bus() -> str:
    """The desktop's bus; the usual one where a scheduler does not say it."""
    return os.environ.get("DBUS_SESSION_BUS_ADDRESS") or f"unix:path=/run/user/{os.getuid()}/bus"
