"""What the environment may say: variables of ours that are misspelt are refused; and the port."""

import difflib
from collections.abc import Mapping, Sequence

from settings_secrets import ConfigError

VARIABLES = ("TSUNAGI_CONFIG", "TSUNAGI_DATA")
HIGHEST_PORT = 65535


def port_of(text: str) -> int:
    """Read the port on which the pages are served. Raises ConfigError."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= HIGHEST_PORT):
        raise ConfigError(
            f"環境変数 PORT は 1 から {HIGHEST_PORT} の整数で書いてください(例: PORT=8001)。"
        )
    return int(text)


def nearest(word: str, known: Sequence[str]) -> str:
    """Say which known word was probably meant, or all of them."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return f"「{near[0]}」ではありませんか。"
    return f"書けるのは {'、'.join(known)} です。"


def refuse_unknown_variables(environ: Mapping[str, str]) -> None:
    """Refuse a variable that begins like ours and is not. Raises ConfigError."""
    for name in environ:
        if name.startswith("TSUNAGI_") and name not in VARIABLES:
            raise ConfigError(
                f"環境変数 {name} は使われません。{nearest(name, VARIABLES)}"
                "直すか、取り消してください。"
            )
