"""What the documents room refuses."""

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput


class UnreadableFile(InvalidInput):
    """The file is empty, cut off or not what it says."""

    code = "unreadable_file"
    default_message = gettext_lazy("this file cannot be opened; please scan or save it again")


class FileTooLarge(InvalidInput):
    """The file is over the limit."""

    code = "file_too_large"
    default_message = gettext_lazy("the file is too large")


class FileKindRefused(InvalidInput):
    """The content is neither PDF nor JPEG nor PNG."""

    code = "file_kind_refused"
    default_message = gettext_lazy("only PDF, JPG and PNG files are taken")


class ContentGone(DomainError):
    """The data key of the person was erased, so the content can never be read again."""

    code = "content_gone"
    status = 410
    default_message = gettext_lazy("the personal data of this document have been erased")


class ContentDamaged(DomainError):
    """The stored content is missing or no longer the one that was stored."""

    code = "content_damaged"
    status = 500
    default_message = gettext_lazy(
        "the stored file is missing or damaged; please tell the administrator"
    )


class PaperDataMissing(InvalidInput):
    """Data of a paper lack a key, hold one too many or are not text."""

    code = "paper_data_missing"

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(keys)
        message = _("the paper cannot be issued; missing or wrong: %(keys)s") % {
            "keys": _(", ").join(self.keys),
        }
        super().__init__(message, keys=self.keys)


class UnprintableCharacters(InvalidInput):
    """No font at hand has these characters; ``chars`` names each once."""

    code = "unprintable_characters"

    def __init__(self, chars: Iterable[str]) -> None:
        self.chars = list(chars)
        message = _("no font at hand can print: %(chars)s; nothing was issued") % {
            "chars": _(", ").join(_spelled(char) for char in self.chars),
        }
        super().__init__(message, chars=self.chars)


class TooManyChecks(DomainError):
    """Somebody guesses numbers and check codes of papers."""

    code = "too_many_checks"
    status = 429
    default_message = gettext_lazy("Please wait a quarter of an hour, or ask the issuing organ.")


class NumberAlreadyVoid(DomainError):
    """The number was voided before."""

    code = "number_already_void"
    default_message = gettext_lazy("this number is void already")


class NumberInUse(DomainError):
    """The official number stands on another paper."""

    code = "number_in_use"
    default_message = gettext_lazy("a paper with this number was issued already")


def _spelled(char: str) -> str:
    code = f"U+{ord(char):04X}"
    visible = unicodedata.category(char)[0] in "LNPS"
    return f"{char}({code})" if visible else code
