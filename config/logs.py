"""How the house logs: plain lines while developing, JSON in production."""

from typing import Any

import structlog


def logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """The standard library's logging, every line through structlog."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "house": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": renderer,
                "foreign_pre_chain": shared_processors(),
            },
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "house"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Its own handler would print each 4xx a second time.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": ["stderr"], "propagate": False},
            "fontTools": {"level": "WARNING"},
            # It names addresses, which are personal data; the outbox keeps the fault without them.
            "apprise": {"level": "WARNING", "propagate": False, "handlers": ["nowhere"]},
        },
    }


def shared_processors() -> list[Any]:
    """What every log line carries."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]


def configure_structlog() -> None:
    """Loggers of structlog write through the standard library."""
    structlog.configure(
        processors=[
            *shared_processors(),
            structlog.stdlib.filter_by_level,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
