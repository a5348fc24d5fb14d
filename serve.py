"""Run Tsunagi in a terminal: the web server and the scheduler, two processes that live together.

Both are stopped on Ctrl-C, on SIGTERM and when the terminal is closed. When one of them ends by
itself the other is stopped too and the exit code is 1: half a Tsunagi must not look like a whole
one. Listens on the loopback address only; whoever serves a hospital puts a proxy with TLS before
it. Decides nothing about the product; docs/decisions/0015-our-own-supervisor.md tells why it is
ours.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

import config
from handoffs.calendars import go_by_file
from rules import RulesError

HOST = "127.0.0.1"
GRACE_SECONDS = 8.0
POLL_SECONDS = 0.1


class Supervisor:
    """Some processes that are started together and stopped together."""

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        """Take the command line of each process, by the name that messages call it."""
        self.commands = commands
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.stop_asked = False

    def start(self) -> None:
        """Start every process, each in a group of its own, so that only we pass signals on."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        for name, command in self.commands.items():
            self.running[name] = subprocess.Popen(  # noqa: S603 - the command lines are our own.
                [*_dying_with_us(), *command], cwd=config.ROOT, process_group=0
            )

    def ended(self) -> list[str]:
        """Name the processes that ended by themselves."""
        return [name for name, child in self.running.items() if child.poll() is not None]

    def wait(self, seconds: float = POLL_SECONDS) -> bool:
        """Let some time pass; whether everything still runs and nobody asked to stop."""
        time.sleep(seconds)
        return not self.stop_asked and not self.ended()

    def stop(self) -> int:
        """Stop every process and return the exit code.

        0 when stopping was asked for and all went within the grace; 1 when one had ended by
        itself or had to be killed.
        """
        # Told to stop together with us (a service manager does that), a child may be first.
        ended = [] if self.stop_asked else self.ended()
        for name in ended:
            print(
                f"{name} が止まりました(終了コード {self.running[name].returncode})。", flush=True
            )
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        patience_ends = time.monotonic() + GRACE_SECONDS
        killed = False
        for child in self.running.values():
            try:
                child.wait(max(0.0, patience_ends - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                killed = True
        return 1 if ended or killed else 0

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_asked = True


def _dying_with_us() -> list[str]:
    """Prefix a command so that the kernel ends it even if we are killed outright (Linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def answers(port: int) -> bool:
    """Whether somebody listens on a port of the loopback address."""
    with socket.socket() as probe:
        probe.settimeout(POLL_SECONDS)
        return probe.connect_ex((HOST, port)) == 0


def web_command(port: int) -> list[str]:
    """The command line of the web server.

    Two processes of eight threads: while one renders a page or hashes a password the other
    answers. The control socket would be a second way in, so it is off.
    """
    return [
        *(sys.executable, "-m", "gunicorn", "app:create_app()"),
        *("--bind", f"{HOST}:{port}"),
        *("--workers", "2", "--threads", "8"),
        *("--graceful-timeout", "5"),
        *("--log-level", "warning"),
        "--no-control-socket",
    ]


def main() -> int:
    """Start both, say where, and stay until told to stop."""
    try:
        settings = config.load()
        settings.data_folder()
        go_by_file(settings.public_holidays)
    except (config.ConfigError, RulesError) as error:
        print(error, file=sys.stderr)
        return 2
    if answers(settings.port):
        print(
            f"ポート {settings.port} はほかのものが使っています。"
            f"別の番号で始めてください: make run PORT={settings.port + 1}",
            file=sys.stderr,
        )
        return 2
    # The children work in the folder of this file: a path given from elsewhere becomes absolute.
    os.environ.update(TSUNAGI_DATA=str(settings.data), TSUNAGI_CONFIG=str(settings.file))
    supervisor = Supervisor(
        {
            "画面(gunicorn)": web_command(settings.port),
            "見回り(scheduler)": [sys.executable, "-m", "scheduler"],
        }
    )
    supervisor.start()
    announced = False
    while supervisor.wait():
        if not announced and answers(settings.port):
            announced = True
            sign_ins = [sys.executable, "-m", "handoffs", "sign-ins"]
            subprocess.run(sign_ins, cwd=config.ROOT, check=False)  # noqa: S603 - our own command.
            print(f"\n画面 http://{HOST}:{settings.port}  (Ctrl-C で止まります)", flush=True)
    return supervisor.stop()


if __name__ == "__main__":
    sys.exit(main())
