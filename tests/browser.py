"""Watches a browser for what the house forbids itself."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

OWN_SCHEMES = ("data:", "blob:", "about:", "chrome-extension:")


class Watch:
    """Collects CSP messages, script errors and requests that leave the site."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.faults: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        """The same context, watched."""
        context.on("console", self._hear)
        context.on("request", self._see)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        return context

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(f"CSP: {message.text}")

    def _see(self, request: Request) -> None:
        if not request.url.startswith((self.home, *OWN_SCHEMES)):
            self.faults.append(f"left the site: {request.url}")
