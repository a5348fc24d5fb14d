# ruff: noqa: INP001 - a command beside other commands, imported by nobody.
"""Take the tokens that our screens use out of デジタル庁デザインシステム.

    python setup/design_tokens.py

Downloads one pinned release of `@digital-go-jp/design-tokens` with npm, checks its hash, keeps
the tokens that our style sheets ask for, and writes web/static/tokens.css with the licence.
Run it after a sheet asks for another token; nothing runs it by itself.
"""

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

RELEASE = "@digital-go-jp/design-tokens@1.1.9"
SHA512 = "93zW/Gb4/pwb63W7r8RHWQdbLGap4heHt5unQQjaqP1OlPqRif146tvqtyJ2xPcot3pnndFY3ph1DC0Crwp6bg=="
STATIC = Path(__file__).resolve().parent.parent / "web" / "static"
TOKEN = re.compile(r"^\s*(--[a-z0-9-]+): (.+);$", re.MULTILINE)


def main() -> None:
    """Write tokens.css; end with 1 if the release is not the one that was pinned."""
    with tempfile.TemporaryDirectory() as folder:
        pack = ["npm", "pack", "--silent", "--pack-destination", folder, RELEASE]
        subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        archive = next(Path(folder).glob("*.tgz"))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != SHA512:
            sys.exit(f"{RELEASE} の中身が、確かめたものと違います。使いません。")
        with tarfile.open(archive) as files:
            css = _text(files, "package/dist/tokens.css")
            licence = _text(files, "package/LICENSE")
    (STATIC / "tokens.css").write_text(tokens_css(css, licence), encoding="utf-8")


def tokens_css(css: str, licence: str) -> str:
    """Return our file: the licence, and the tokens that our sheets ask for."""
    known = dict(TOKEN.findall(css))
    asked = {
        name
        for file in STATIC.glob("*.css")
        for name in re.findall(r"var\((--[a-z0-9-]+)", file.read_text("utf-8"))
    }
    lines = [f"  {name}: {value};" for name, value in known.items() if name in asked]
    words = "\n".join(f" * {line}".rstrip() for line in licence.strip().splitlines())
    return (
        f"/*\n * From {RELEASE} by setup/design_tokens.py. Do not edit.\n *\n{words}\n */\n"
        ":root {\n" + "\n".join(lines) + "\n}\n"
    )


def _text(files: tarfile.TarFile, name: str) -> str:
    found = files.extractfile(name)
    if found is None:
        raise FileNotFoundError(name)
    return found.read().decode("utf-8")


if __name__ == "__main__":
    main()
