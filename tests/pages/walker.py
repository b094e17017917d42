"""Walks over every page that a person reaches by links, and opens each kind of page once.

A kind is the name of a view. Each is looked at in both widths: it opens, nothing runs out of the
side, no link on it is dead, and axe finds no serious fault.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

WIDTHS = {"wide": (1440, 900), "phone": (390, 844)}
GRAVE = {"serious", "critical"}
# Leaving, and switching the language, would change whose page the next one is.
NEVER = {"admin:logout", "set_language", "schema"}
OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"
LINKS = "found => found.map(a => a.href)"
ADDRESSED = "found => found.map(a => a.getAttribute('href').slice(1)).filter(id => !document.getElementById(id))"


@dataclass
class Walker:
    """One person's walk; ``seen`` is shared, so that the next person opens what is left."""

    page: Page
    home: str
    who: str
    seen: set[str]
    shots: Path | None = None
    faults: list[str] = field(default_factory=list)

    def walk(self, seeds: list[str]) -> None:
        """Everything reachable from ``seeds`` was opened, one page of each kind."""
        waiting = deque(self.home + seed for seed in seeds)
        heard = set(waiting)
        while waiting:
            address = waiting.popleft()
            for link in self._visit(address, always=address.removeprefix(self.home) in seeds):
                if link not in heard:
                    heard.add(link)
                    waiting.append(link)

    def _visit(self, address: str, *, always: bool) -> Iterator[str]:
        kind = self._kind(address)
        if not kind or (kind in self.seen and not always):
            return
        self.seen.add(kind)
        answer = self.page.request.get(address)
        if answer.status >= 400:
            self._fault(address, f"answers {answer.status}")
        elif answer.headers.get("content-type", "").startswith("text/html"):
            yield from self._look(address, kind)

    def _look(self, address: str, kind: str) -> Iterator[str]:
        for name, (width, height) in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.goto(address)
            self._check(address, name)
            self._shoot(f"{kind}-{name}")
        for link in self.page.eval_on_selector_all("a[href]", LINKS):
            yield urldefrag(link).url

    def _check(self, address: str, width: str) -> None:
        beyond = self.page.evaluate(OVERFLOW)
        if beyond > 0:
            self._fault(address, f"{width}: {beyond} px run out of the side")
        for name in self.page.eval_on_selector_all("a[href^='#']:not([href='#'])", ADDRESSED):
            self._fault(address, f"{width}: #{name} leads nowhere")
        # Preloading would put style sheets inline, which the site's policy blocks.
        for violation in Axe().run(self.page, options={"preload": False}).response["violations"]:
            if violation["impact"] in GRAVE:
                where = violation["nodes"][0]
                self._fault(address, f"{width}: {violation['id']}: {where['html'][:160]}")

    def _shoot(self, name: str) -> None:
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            place = self.shots / f"{name.replace(':', '_')}-{self.who}.png"
            # Hiding the caret would need an inline style, which the site's policy blocks.
            self.page.screenshot(path=place, full_page=True, caret="initial")

    def _kind(self, address: str) -> str:
        parts = urlsplit(address)
        if not address.startswith(self.home):
            return ""
        try:
            name = resolve(parts.path).view_name
        except Resolver404:
            return parts.path
        return "" if name in NEVER or parts.path.startswith("/static/") else name

    def _fault(self, address: str, what: str) -> None:
        fault = f"{self.who} {address.removeprefix(self.home)}: {what}"
        if fault not in self.faults:
            self.faults.append(fault)
