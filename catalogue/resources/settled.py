"""A workbook without the moment it was written, so that the same content is the same bytes."""

import io
import re
import shutil
import zipfile

CORE = "docProps/core.xml"
MOMENT = b"1980-01-01T00:00:00Z"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def settled(book: io.BytesIO) -> bytes:
    """The same workbook with every moment set to the first day a zip file knows."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(book) as written,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in written.namelist():
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if name == CORE:
                fixed.writestr(entry, _STAMP.sub(rb"\g<1>" + MOMENT, written.read(name)))
                continue
            with written.open(name) as source, fixed.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 1 << 20)
    return out.getvalue()
