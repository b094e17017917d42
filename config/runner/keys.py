"""Keys made once for a house that isn't in production; 0600 in var/keys.env.

``python -m config.runner.keys`` prints a fresh set, for the variables of a production house.
"""

import os
import secrets
import sys
from pathlib import Path

from config.environment import keys_file


def make_keys_once(var_dir: Path) -> bool:
    """The key file exists; True if it was made just now."""
    try:
        handle = os.open(keys_file(var_dir), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(
            "# Made once by the runner. Without these the personal data can't be read: keep a copy.\n"
        )
        out.writelines(f"{name}={value}\n" for name, value in fresh_keys().items())
    return True


def fresh_keys() -> dict[str, str]:
    """Random values for every variable that must be secret."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_MASTER_KEYS": f"k1:{secrets.token_hex(16)}",
        "INDEX_KEY": secrets.token_hex(32),
        "CHAIN_KEY": secrets.token_hex(32),
    }


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}={value}\n" for name, value in fresh_keys().items())
