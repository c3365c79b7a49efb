"""A notification goes to the desktop's own service, over a real bus; what is missing is said."""

from __future__ import annotations

import platform
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from kneeroll.errors import NotNotified
from kneeroll.notifications import find_notifier

NAME = "org.freedesktop.Notifications"
LINE = "A few quiet minutes? <b>Rolls</b> & rest"


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session's bus of our own, on which nobody offers anything."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("needs dbus-daemon")
    address = f"unix:path={tmp_path / 'bus'}"
    command = ["dbus-daemon", "--session", "--nofork", f"--address={address}", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as daemon:
        assert daemon.stdout is not None
        daemon.stdout.readline()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address
        daemon.terminate()


@pytest.fixture(params=[(), ("body-markup",)], ids=["plain", "markup"])
def desktop(bus: str, request: pytest.FixtureRequest) -> Iterator[tuple[tuple[str, ...], list[tuple[object, ...]]]]:
    """What a desktop is able to show, and what it was asked to show."""
    shown: list[tuple[object, ...]] = []
    with open_dbus_connection(bus) as service:
        service.send_and_get_reply(message_bus.RequestName(NAME))

        def serve() -> None:
            while True:
                try:
                    asked = service.receive()
                except (OSError, ValueError):  # the test is over
                    return
                if asked.header.message_type is not MessageType.method_call:
                    continue
                if asked.header.fields[HeaderFields.member] == "GetCapabilities":
                    service.send(new_method_return(asked, "as", (list(request.param),)))
                elif len(shown) == 1:
                    service.send(new_error(asked, f"{NAME}.Error", "s", ("no room",)))
                else:
                    shown.append(asked.body)
                    service.send(new_method_return(asked, "u", (1,)))

        threading.Thread(target=serve, daemon=True).start()
        yield request.param, shown


def test_a_line_is_shown_as_it_stands_and_a_refusal_is_said(desktop) -> None:
    able, shown = desktop
    show = find_notifier()
    show(LINE)
    (name, _, _, title, body, actions, _, _) = shown[0]
    assert (name, title, actions) == ("kneeroll", "kneeroll", [])
    assert body == (LINE if not able else "A few quiet minutes? &lt;b&gt;Rolls&lt;/b&gt; &amp; rest")
    with pytest.raises(NotNotified, match="no room"):
        show(LINE)


def test_a_desktop_without_a_service_says_so(bus: str) -> None:
    with pytest.raises(NotNotified, match=r"shows no notifications.*Notifications"):
        find_notifier()


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "tcp:host=localhost,port=1", "nonsense", ""])
def test_without_a_desktop_it_is_said_plainly(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setattr("os.getuid", lambda: 999_999)
    with pytest.raises(NotNotified, match="there is no desktop session"):
        find_notifier()


def test_a_mac_is_asked_by_its_own_tool_with_the_words_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    tool = tmp_path / "osascript"
    tool.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/said\n')
    tool.chmod(0o755)
    find_notifier()('"; do shell script "')
    assert (tmp_path / "said").read_text().splitlines()[-2:] == ["kneeroll", '"; do shell script "']
    tool.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(NotNotified, match="could not be shown"):
        find_notifier()("x")
