"""What `meldroute doctor` tells: one line a finding, with the remedy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    #: What to do about it; empty if it is in order.
    remedy: str = ""
    #: Meldroute works, but somebody should look at it.
    only_warning: bool = False

    def __str__(self) -> str:
        if not self.remedy:
            return f"goed     {self.what}"
        return f"{'let op' if self.only_warning else 'fout':<8} {self.what}: {self.remedy}"
