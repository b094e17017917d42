"""Robots that answer 200 and say in the body that they refused: apprise would take it for sent.

DingTalk and WeCom drop a message that lacks the robot's keyword, is signed wrongly, or comes
too often, with ``{"errcode": 310000, ...}`` in an answer that is otherwise fine.
"""

from typing import Any
from urllib.parse import unquote

import requests
from apprise import NotifyBase
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot

from notifications.choices import Channel

SAID = 200


def _refusal(answer: requests.Response) -> str:
    """Why the robot did not take the message; empty if it did."""
    if answer.status_code != requests.codes.ok:
        return f"error={answer.status_code}"
    try:
        said = answer.json()
        code, text = said["errcode"], said.get("errmsg", "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return "no errcode in the answer"
    return f"errcode={code} {text}"[:SAID] if code != 0 else ""


def _post(robot: Any, url: str, payload: dict[str, Any], params: dict[str, str]) -> bool:
    """Whether the robot says that it took the message."""
    robot.throttle()
    try:
        answer = requests.post(
            url,
            json=payload,
            params=params,
            headers={"User-Agent": robot.app_id},
            verify=robot.verify_certificate,
            timeout=robot.request_timeout,
            allow_redirects=robot.redirects,
        )
    except requests.RequestException as fault:
        robot.logger.warning("%s: %s", robot.service_name, type(fault).__name__)
        return False
    refusal = _refusal(answer)
    if refusal:
        robot.logger.warning("%s: %s", robot.service_name, refusal)
    return not refusal


class DingTalkRobot(NotifyDingTalk):  # type: ignore[no-untyped-call]
    """A DingTalk robot whose answer is read."""

    def send(self, body: str, title: str = "", *_how: Any, **_given: Any) -> bool:
        """Whether it took the message, telling those whose telephone the address names."""
        payload = {
            "msgtype": "text",
            "text": {"content": f"{title}\r\n{body}" if title else body},
            "at": {"atMobiles": self.targets, "isAtAll": False},
        }
        return _post(self, self.notify_url.format(token=self.token), payload, self._signed())

    def _signed(self) -> dict[str, str]:
        if not self.secret:
            return {}
        timestamp, signature = self.get_signature()  # type: ignore[no-untyped-call]
        # requests quotes the parameters itself; quoted twice, no signature fits.
        return {"timestamp": timestamp, "sign": unquote(signature)}


class WeComRobot(NotifyWeComBot):  # type: ignore[no-untyped-call]
    """A WeCom group robot whose answer is read."""

    def send(self, body: str, title: str = "", *_how: Any, **_given: Any) -> bool:
        """Whether it took the message."""
        content = f"{title}\r\n{body}" if title else body
        payload = {"msgtype": "text", "text": {"content": content}}
        return _post(self, self.api_url, payload, {})


ROBOTS: dict[str, type[NotifyBase]] = {
    Channel.DINGTALK: DingTalkRobot,
    Channel.WECOM: WeComRobot,
}
