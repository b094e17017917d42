"""Pages of citizens: progress, supplements, forms filled in at home."""

from intake.views.prefill import prefill
from intake.views.progress import progress, supplement

__all__ = ["prefill", "progress", "supplement"]
