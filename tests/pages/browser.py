"""Debian's Chromium without a window: a page at the width of a phone, of a desk, and of paper."""

import atexit
import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from devstack.programs import find
from tests.integration.shared_stack import BUILD

PHONE, DESK = 375, 1280
#: Of A4 between the margins of the pages' own style (12 mm), at 96 pixels an inch.
PAPER = 702
HEIGHT = 800
#: Screenshots of this run, for whoever wants to look.
SHOTS = BUILD / "pages"
MOST_SHOT_PIXELS = 6_000
LOAD_SECONDS = 30
FLAGS = (
    "--headless=new",
    # Its sandbox needs what containers and root don't have; it sees our own pages alone.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
#: What sticks out to the right, unless a frame around it scrolls: the element's name, and by how much.
STICKS_OUT = """
const wide = document.documentElement.clientWidth;
const scrolls = e => { for (let p = e.parentElement; p; p = p.parentElement) {
  if (["auto", "scroll", "hidden"].includes(getComputedStyle(p).overflowX)) return true; } return false; };
return [...document.body.querySelectorAll("*")].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width > 0 && box.right > wide + 1 && !scrolls(e);
}).slice(0, 5).map(e => `${e.tagName} ${e.id} ${e.className} to ${Math.round(e.getBoundingClientRect().right)}`);
"""


@dataclass(frozen=True)
class Look:
    """What a page was like at one width."""

    width: int
    page_width: int
    sticks_out: list[str]
    #: What the console said: errors and warnings.
    console: list[str]
    #: Addresses other than the page's own that were asked.
    fetched: list[str]


class Browser:
    """One browser for the whole suite."""

    def __init__(self) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = str(find("chromium"))
        for flag in FLAGS:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(str(find("chromedriver"))))
        self.driver.set_page_load_timeout(LOAD_SECONDS)
        SHOTS.mkdir(parents=True, exist_ok=True)

    def look(self, url: str, width: int, name: str = "", ready: str = "return true") -> Look:
        """Opens a page at a width and looks, once the script `ready` says true."""
        self.resize(width)
        self._drain()
        self.driver.get(url)
        self.wait(ready)
        return self.seen(width, name)

    def seen(self, width: int, name: str = "") -> Look:
        """Looks at what is open."""
        page_width = int(self.run("return document.documentElement.scrollWidth"))
        sticks_out = [str(each) for each in self.run(STICKS_OUT)]
        if name:
            self.shoot(f"{name}-{width}")
        console, fetched = self._drain()
        return Look(width, page_width, sticks_out, console, fetched)

    def paper(self, url: str, name: str, ready: str = "return true") -> tuple[Look, int]:
        """The page as it is printed: what sticks out between the margins, and how many pages it takes."""
        self.command("Emulation.setEmulatedMedia", media="print")
        try:
            look = self.look(url, PAPER, f"{name}-paper", ready)
            sheet = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True}
            pdf = base64.b64decode(self.command("Page.printToPDF", **sheet)["data"])
        finally:
            self.command("Emulation.setEmulatedMedia", media="")
        (SHOTS / f"{name}.pdf").write_bytes(pdf)
        return look, pdf.count(b"/Type /Page\n") or pdf.count(b"/Type /Page")

    def resize(self, width: int) -> None:
        """A window narrower than 500 pixels can't be had; a phone can."""
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=HEIGHT, deviceScaleFactor=1, mobile=width == PHONE
        )

    def shoot(self, name: str) -> None:
        """Leaves a picture of the whole page in build/pages."""
        width, height = self.run("const d = document.documentElement; return [d.clientWidth, d.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, MOST_SHOT_PIXELS), "scale": 1}
        shot = self.command("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        (SHOTS / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))

    def run(self, script: str) -> Any:
        return self.driver.execute_script(script)

    def wait(self, script: str, seconds: float = LOAD_SECONDS) -> None:
        """Until the script says true."""
        from selenium.webdriver.support.wait import WebDriverWait

        WebDriverWait(self.driver, seconds, poll_frequency=0.05).until(lambda _: self.run(script))

    def command(self, name: str, **arguments: Any) -> Any:
        return self.driver.execute_cdp_cmd(name, arguments)

    def _drain(self) -> tuple[list[str], list[str]]:
        """What the console said and what was asked since the last call."""
        console = [str(each["message"]) for each in self._log("browser")]
        return console, _asked(self._log("performance"))

    def _log(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.driver.get_log(kind)  # type: ignore[no-untyped-call]
        return found


def _asked(entries: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for entry in entries:
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            found.append(str(message["params"]["request"]["url"]))
    return [url for url in found if not url.startswith("data:")]


def has_browser() -> bool:
    """Whether there is one. `make pages` installs it where the distribution has it (devstack/setup.py)."""
    return find("chromium") is not None and find("chromedriver") is not None


@cache
def browser() -> Browser:
    """Started when the first test asks."""
    made = Browser()
    atexit.register(made.driver.quit)
    return made


def address(file: Path) -> str:
    """A file as a browser opens it."""
    return file.resolve().as_uri()
