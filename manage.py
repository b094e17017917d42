#!/usr/bin/env python
"""The command line of the house."""

import os
import sys

from django.core.management import execute_from_command_line

from config.environment import RefusedToStart


def main() -> None:
    """Run the command; a refused environment ends in one line instead of a trace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except RefusedToStart as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
