"""Pictures nobody can take for real papers or photos."""

import io
from functools import cache

from PIL import Image, ImageDraw

PAGE, PHOTO = (420, 594), (640, 480)
MARK = "SAMPLE"


def _bytes(picture: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind)
    return stream.getvalue()


@cache
def scan_bytes(name: str) -> bytes:
    """A PNG of a page with grey lines for text."""
    page = Image.new("RGB", PAGE, "#f2f4f7")
    pen = ImageDraw.Draw(page)
    pen.text((48, 40), MARK, fill="#8a94a3")
    for line in range(12):
        right = 372 - (line * 37 + len(name)) % 120
        pen.rectangle((48, 90 + 36 * line, right, 102 + 36 * line), fill="#cfd6df")
    return _bytes(page, "PNG")


@cache
def photo_bytes(code: str) -> bytes:
    """A JPEG of a kitchen corner drawn in four shapes, different for each checklist point."""
    photo = Image.new("RGB", PHOTO, "#dfe5ea")
    pen = ImageDraw.Draw(photo)
    shift = sum(map(ord, code)) % 160
    pen.rectangle((0, 320, *PHOTO), fill="#b9c2ca")
    pen.rectangle((60 + shift, 150, 300 + shift, 340), fill="#93a0ac")
    pen.ellipse((340 - shift, 250, 460 - shift, 370), fill="#c98b5b")
    pen.text((20, 20), f"{MARK} {code}", fill="#44505c")
    return _bytes(photo, "JPEG")
