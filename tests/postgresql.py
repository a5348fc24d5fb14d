"""A PostgreSQL server of the tests' own: made in a temporary folder, gone when they end.

It listens on a Unix socket in that folder and on nothing else, so a server that already runs on
the machine is neither used nor disturbed. PostgreSQL refuses to run as root; a test run as root
hands it to an unprivileged user. Durability is off: the data is worth nothing.
"""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import sql

OWNER = "tsunagi"
WEB = "tsunagi_web"
WEB_RIGHTS = Path(__file__).resolve().parent.parent / "deploy" / "web-role.sql"
SECONDS_TO_START = 60
NOT_FOUND = "PostgreSQL's initdb was not found: run `setup/system-packages test`."


@dataclass
class Cluster:
    """A running server and the databases made in it."""

    folder: Path
    server: subprocess.Popen[bytes]
    serve: list[str] = field(default_factory=list)
    user: pwd.struct_passwd | None = None
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def url(self, database: str, user: str = OWNER) -> str:
        """The SQLAlchemy address of one database, for its owner or somebody else."""
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def let_web_in(self, database: str) -> str:
        """Make the web's own role, as a site does, and return a database's address for it."""
        self._run(
            sql.SQL(
                "DO $$ BEGIN IF to_regrole({name}) IS NULL THEN "
                "CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS; END IF; END $$"
            ).format(name=sql.Literal(WEB), role=sql.Identifier(WEB))
        )
        self._run(sql.SQL(WEB_RIGHTS.read_text(encoding="utf-8")), database)
        return self.url(database, WEB)

    def create(self, template: str = "template0") -> str:
        """Make a database, empty or as a copy of another, and return its name."""
        name = f"test_{next(self.numbers)}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def halt(self) -> None:
        """Stop the server as its keeper would, and cut off whoever is connected."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait(timeout=30)

    def resume(self) -> None:
        """Start a server that was stopped, with everything it had.

        Raises:
            RuntimeError: it did not come up.
        """
        with (self.folder / "log").open("ab") as stream:
            self.server = _start(self.serve, self.folder, stream, self.user)
        self.wait()

    def wait(self) -> None:
        """Wait until the server answers. Raises RuntimeError with its own words if it cannot."""
        patience_ends = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            if self.server.poll() is not None or time.monotonic() > patience_ends:
                words = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"PostgreSQL did not start: {words}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether the server accepts connections."""
        try:
            self._run(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, statement: sql.SQL | sql.Composed, database: str = "postgres") -> None:
        with psycopg.connect(
            host=str(self.folder), user=OWNER, dbname=database, autocommit=True
        ) as connection:
            connection.execute(statement)


def start_cluster() -> Cluster:
    """Make a cluster and start its server.

    Raises:
        RuntimeError: PostgreSQL is not installed, or its server did not come up.
    """
    programs = _programs()
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="tsunagi-postgresql-"))
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    # The C locale sorts by code point, as SQLite does.
    create = [str(programs / "initdb"), "-D", f"{folder}/data", "-U", OWNER, "-A", "trust"]
    create += ["-E", "UTF8", "--locale=C", "--no-sync"]
    serve = [str(programs / "postgres"), "-D", f"{folder}/data", "-k", str(folder)]
    for setting in ("listen_addresses=", "fsync=off", "synchronous_commit=off"):
        serve += ["-c", setting]
    setpriv = shutil.which("setpriv")
    if setpriv:
        # Should the test run itself be killed, the kernel stops the server.
        serve = [setpriv, "--pdeathsig", "INT", *serve]
    log = folder / "log"
    with log.open("wb") as stream:
        _start(create, folder, stream, user).wait()
        server = _start(serve, folder, stream, user)
    cluster = Cluster(folder, server, serve, user)
    try:
        cluster.wait()
    except RuntimeError:
        stop_cluster(cluster)
        raise
    return cluster


def stop_cluster(cluster: Cluster) -> None:
    """Stop the server at once and remove everything it wrote."""
    if cluster.server.poll() is None:
        # SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, nothing to keep.
        cluster.server.send_signal(signal.SIGQUIT)
        cluster.server.wait(timeout=30)
    shutil.rmtree(cluster.folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of initdb and postgres; the newest that Debian installed wins."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda at: int(at.parts[-3])
    )
    found = str(installed[-1]) if installed else shutil.which("initdb")
    if found is None:
        raise RuntimeError(NOT_FOUND)
    return Path(found).resolve().parent


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Who runs the server when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _start(
    command: list[str], folder: Path, log: BinaryIO, user: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=None if user is None else [],
    )
