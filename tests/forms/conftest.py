"""The font stands before any sheet is printed, and `make sheets` may rewrite the goldens."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from forms.font import make_font
from tests.forms.hostile import SECRET


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-sheets", action="store_true", help="write tests/forms/golden anew; then look"
    )


@pytest.fixture(scope="session", autouse=True)
def _font() -> None:
    make_font()


@pytest.fixture(scope="module")
def canary() -> Iterator[ThreadingHTTPServer]:
    """A server on this machine that counts who comes."""

    class Count(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    hits: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Count)
    server.hits = hits  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of this machine that no sheet may show."""
    file = tmp_path / "secret.txt"
    file.write_text(SECRET, encoding="utf-8")
    return file
