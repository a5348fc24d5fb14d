"""Somebody at a browser, and what is looked at on every page that they see.

A person opens, follows, types and presses. Each page that comes by is inspected: language, one
heading, a name for every field, ids that lead somewhere, the skip link first, nothing that sticks
out of a telephone's width, no complaint of the browser, no breach of the content policy, and
nothing that axe calls serious or critical, in light and in dark.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect

from handoffs import sample
from handoffs.accounts.totp import code_at, step_at
from tests.people import NAMES, TOTP_SECRET

DESK = {"width": 1366, "height": 768}
TELEPHONE = {"width": 390, "height": 844}
GRAVE = {"serious", "critical"}
MOST_TABS = 60

_STEPS: dict[str, int] = {}
"""The step of the code that somebody signed in with last."""

_TELL_BREACHES = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`));
"""

_INSPECT = """() => {
  const wrong = [];
  const say = (holds, words) => { if (!holds) wrong.push(words); };
  say(document.documentElement.lang === "ja", "the language is not told");
  say(document.querySelectorAll("h1").length === 1, "not exactly one h1");
  say(document.querySelectorAll("main").length === 1, "not exactly one main");
  for (const field of document.querySelectorAll("input, select, textarea")) {
    if (["hidden", "submit", "button"].includes(field.type)) continue;
    say(field.labels.length || field.getAttribute("aria-label"), `${field.name} has no label`);
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    const target = document.getElementById(link.getAttribute("href").slice(1));
    say(target, `${link.getAttribute("href")} leads nowhere`);
  }
  const [first] = document.querySelectorAll("a[href], button, input:not([type=hidden]), select");
  say(first && first.className === "skip", "the skip link is not the first stop");
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((h) => Number(h.tagName[1]));
  levels.reduce((above, level) => {
    say(level <= above + 1, `a heading h${level} follows h${above}`);
    return level;
  }, 2);
  return wrong;
}"""

_BUILT = """() => [...document.querySelectorAll("*")].map((node) => [
  node.tagName, node.children.length, node.textContent.trim() !== "",
  ...[...node.attributes].map(({name, value}) =>
    ["value", "href", "action", "datetime", "content"].includes(name)
      ? `${name} ${value !== ""}` : `${name} ${value.replace(/[0-9]+/g, "0")}`),
].join(" ")).join("\\n")"""
_LOOKED_AT: set[str] = set()
"""How the pages that axe has seen in this run were built."""

STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((node) => node.getBoundingClientRect().right > width + 1)
    .map((node) => `${node.tagName}.${node.className}`).slice(0, 5);
}"""


@dataclass(frozen=True)
class Place:
    """A browser and the address of the server."""

    browser: Browser
    address: str


class Person:
    """Somebody with a browser profile of their own: no cookie but their own."""

    def __init__(self, place: Place, *, scripts: bool = True, token: str | None = None) -> None:
        """Sit down; with a token, already signed in."""
        self.address = place.address
        self.context = place.browser.new_context(
            base_url=place.address,
            viewport={"width": DESK["width"], "height": DESK["height"]},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(60_000)
        self.scripts = scripts
        self.context.add_init_script(_TELL_BREACHES)
        if token is not None:
            self.context.add_cookies([{"name": "tsunagi", "value": token, "url": place.address}])
        self.complaints: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("response", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        # The browser also remarks on every page that says 404 or 422, which pages here mean to.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _see(self, response: Response) -> None:
        of_page = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not of_page):
            self.complaints.append(f"{response.status} {response.url}")

    def open(self, path: str, status: int = 200) -> None:
        """Type an address, and look at the page."""
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        self.look()

    def press(self, words: str, within: Locator | None = None) -> None:
        """Press the button that says these words, and look at the page that comes."""
        with self.page.expect_navigation():
            (within or self.main).get_by_role("button", name=words, exact=True).click()
        self.look()

    def follow(self, words: str, within: Locator | None = None) -> None:
        """Follow the link that says these words, and look at the page that comes."""
        with self.page.expect_navigation():
            (within or self.main).get_by_role("link", name=words, exact=True).click()
        self.look()

    def enter(self) -> None:
        """Press Enter on what has the focus, and look at the page that comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def sign_in(self, name: str, password: str) -> None:
        """Open the page for it and sign in."""
        self.open("/sign-in")
        self.sign_in_here(name, password)

    def sign_in_here(self, name: str, password: str) -> None:
        """Sign in through the page that is open."""
        self.page.get_by_label("サインイン名").fill(name)
        self.page.get_by_label("パスワード").fill(password)
        secret = TOTP_SECRET if name in NAMES else sample.TOTP_SECRET
        here = datetime.now(UTC)  # noqa: TID251 - the server's clock is the real one.
        # Each code counts once; the next one is taken half a minute early.
        _STEPS[name] = max(step_at(here), _STEPS.get(name, 0) + 1)
        self.page.get_by_label("確認コード").fill(code_at(secret, _STEPS[name]))
        self.press("サインイン")

    def tab_to(self, field: str) -> int:
        """Press Tab until the field or button with this id, or these words, has the focus."""
        for count in range(1, MOST_TABS):
            self.page.keyboard.press("Tab")
            here = "[document.activeElement.id, document.activeElement.textContent.trim()]"
            if field in self.page.evaluate(here):
                return count
        raise AssertionError(f"the keyboard does not reach {field}")

    def pick(self, words: str) -> int:
        """Choose what begins with these words in the focused list, with the arrow key alone."""
        chosen = "document.activeElement.selectedOptions[0].textContent"
        for count in range(MOST_TABS):
            if self.page.evaluate(chosen).startswith(words):
                return count
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the list does not offer {words}")

    def look(self) -> None:
        """Inspect the page that is open, also at a telephone's width."""
        self.page.wait_for_load_state()
        wrong = list(self.page.evaluate(_INSPECT))
        self.page.set_viewport_size({"width": TELEPHONE["width"], "height": TELEPHONE["height"]})
        sticks_out = self.page.evaluate(STICKS_OUT)
        self.page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        wrong += [f"{node} sticks out of a telephone" for node in sticks_out]
        # axe waits by timers, which stand still without scripts.
        if self.scripts and self._is_built_anew():
            wrong += self.barriers() + self._barriers_in_the_dark()
        assert not wrong, f"{self.path}: {wrong}"
        assert not self.complaints, f"{self.path}: {self.complaints}"

    def _is_built_anew(self) -> bool:
        """Whether no page before was built of the same elements, classes and names.

        The same list with somebody else's name in it has the same barriers, and axe takes longer
        over a page than everything else that is done with it.
        """
        built = self.page.evaluate(_BUILT)
        if built in _LOOKED_AT:
            return False
        _LOOKED_AT.add(built)
        return True

    def barriers(self) -> list[str]:
        """What axe finds on the page that is serious or critical."""
        return _grave(Axe().run(self.page).response["violations"])

    def _barriers_in_the_dark(self) -> list[str]:
        """What has too little contrast in the dark dress."""
        self.page.emulate_media(color_scheme="dark")
        contrast = {"runOnly": ["color-contrast"]}
        in_dark = Axe().run(self.page, options=contrast).response["violations"]
        self.page.emulate_media(color_scheme="null")
        return _grave(in_dark)

    def sees(self, *texts: str) -> None:
        """Expect words in the page's own part."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def fetch_pdf(self, link: str) -> bytes:
        """Fetch what a link leads to with this person's cookies."""
        where = self.main.get_by_role("link", name=link, exact=True).first.get_attribute("href")
        assert where is not None
        # The first sheet starts the printing child, which lets everybody else go first.
        answer = self.context.request.get(self.address + where, timeout=90_000)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/pdf"
        return answer.body()

    @property
    def main(self) -> Locator:
        """The page's own part, without header and footer."""
        return self.page.locator("main")

    @property
    def path(self) -> str:
        """Where the person is."""
        return self.page.url.removeprefix(self.address)

    def leave(self) -> None:
        """Close the browser profile."""
        self.context.close()


def _grave(violations: list[dict[str, Any]]) -> list[str]:
    return [
        f"{rule['id']}: {node['target']}"
        for rule in violations
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
