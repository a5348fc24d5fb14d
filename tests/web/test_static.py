import re

import pytest

import config

STATIC = config.ROOT / "web" / "static"
SHEETS = ("app.css", "pages.css", "telephone.css")
ON_PAPER = ("ink", "ink-soft", "link", "link-over", "good", "soon", "late")
ON_ITS_OWN = (
    ("key-ink", "key"),
    ("key-ink", "key-over"),
    ("good", "good-soft"),
    ("soon", "soon-soft"),
    ("late", "late-soft"),
    ("link", "key-soft"),
    ("ink", "paper-soft"),
    ("ink-soft", "paper-soft"),
    ("link", "paper-soft"),
    ("link", "soon-soft"),
)


def text(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def tokens() -> dict[str, str]:
    return dict(re.findall(r"(--[a-z0-9-]+): ([^;]+);", text("tokens.css")))


def colours(scheme: str) -> dict[str, str]:
    """What each colour of app.css is in the light or the dark, as #rrggbb."""
    blocks = re.findall(r":root \{(.*?)\}", text("app.css"), flags=re.DOTALL)
    light, dark = (dict(re.findall(r"--([a-z-]+): var\((--[^)]+)\)", b)) for b in blocks[:2])
    chosen = light if scheme == "light" else light | dark
    return {name: tokens()[token] for name, token in chosen.items()}


def luminance(colour: str) -> float:
    def linear(part: str) -> float:
        share = int(part, 16) / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(colour[at : at + 2]) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), [*((i, "paper") for i in ON_PAPER), *ON_ITS_OWN])
def test_words_stand_out_from_their_ground(scheme: str, ink: str, ground: str) -> None:
    known = colours(scheme)
    assert contrast(known[ink], known[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edges_of_inputs_and_the_focus_stand_out(scheme: str) -> None:
    known = colours(scheme)
    for edge in ("line", "focus", "key"):
        assert contrast(known[edge], known["paper"]) >= 3


def test_every_value_that_a_sheet_asks_for_is_there() -> None:
    asked = {name for sheet in SHEETS for name in re.findall(r"var\((--[a-z0-9-]+)", text(sheet))}
    own = set(re.findall(r"(--[a-z-]+):", text("app.css")))
    assert asked <= own | set(tokens()), "run setup/design_tokens.py"


def test_the_tokens_carry_their_licence() -> None:
    assert "MIT License" in text("tokens.css")
    assert "デジタル庁" in text("tokens.css")


@pytest.mark.parametrize("name", [file.name for file in sorted(STATIC.iterdir())])
def test_nothing_is_loaded_from_elsewhere(name: str) -> None:
    loads = re.findall(r"(?:url\(|@import|import |fetch\()[^\n]*", text(name))
    # A sheet that is being written is saved where its own form would go; a terminal that was
    # left alone asks its own account page whether the session still lives; what is typed into any
    # other form is kept at its own address.
    own = ("fetch(form.action, ", 'fetch("/account", ', 'fetch("/drafts', "fetch(`/drafts?")
    assert [load for load in loads if not load.startswith(own)] == []
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", text(name)))
    assert addresses <= {"http://www.w3.org/2000/svg"}
