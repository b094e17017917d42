"""Verbs of the documents room: store files, draw numbers, issue papers."""

from documents.services.attachments import (
    erase_attachments,
    read_attachment,
    refuse_dangerous,
    store_attachment,
)
from documents.services.numbering import (
    draw_number,
    next_number,
    next_numbers,
    void_number,
    void_paper,
)
from documents.services.papers import (
    check_paper,
    chinese_date,
    chinese_moment,
    genuine_paper,
    issue_paper,
    public_address,
    read_paper,
)
from documents.services.printing import print_paper
from documents.services.series import series_report
from documents.services.typesetting import typeset

__all__ = [
    "check_paper",
    "chinese_date",
    "chinese_moment",
    "draw_number",
    "erase_attachments",
    "genuine_paper",
    "issue_paper",
    "next_number",
    "next_numbers",
    "print_paper",
    "public_address",
    "read_attachment",
    "read_paper",
    "refuse_dangerous",
    "series_report",
    "store_attachment",
    "typeset",
    "void_number",
    "void_paper",
]
