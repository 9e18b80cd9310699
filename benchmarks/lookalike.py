"""Look-alikes: time and memory for many sections, and whether what was planted is found.

    python benchmarks/lookalike.py [sections] [characters]

Sections are invented of sentences of a large stock; one in ten is a near copy of an earlier one,
with a share of its sentences replaced. Told: seconds, megabytes, planted pairs found of those
whose exact likeness reaches the limit.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from decimal import Decimal

from auditor.corpus.lookalike import alike, jaccard, pieces

LEAST = Decimal("0.7")
_PLANTED = 10  # one section in so many is a near copy


def main() -> None:
    """Run and print one line."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 1_500
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    texts, planted = sections(many, size)
    start, used = time.perf_counter(), time.process_time()
    found = {(a, b) for a, b, _ in alike(texts, LEAST)}
    wall, cpu = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    close = {
        pair for pair in planted if jaccard(pieces(texts[pair[0]]), pieces(texts[pair[1]])) >= LEAST
    }
    print(
        f"{many} sections of {size} characters: {wall:.1f} s wall, {cpu:.1f} s CPU, "
        f"peak {peak:.0f} MB (texts and start {before:.0f} MB before), "
        f"found {len(close & found)} of {len(close)} planted, {len(found)} pairs"
    )


def sections(many: int, size: int) -> tuple[list[str], set[tuple[int, int]]]:
    """Invented texts with near copies among them, and the pairs that were planted."""
    chance = random.Random(20240131)
    letters = [chr(0x4E00 + n) for n in range(2500)]
    stock = ["".join(chance.choices(letters, k=chance.randint(15, 60))) for _ in range(40_000)]
    usual = stock[:60]  # what everyone writes
    texts: list[str] = []
    planted: set[tuple[int, int]] = set()
    parts: list[list[str]] = []
    for number in range(many):
        if number % _PLANTED == _PLANTED - 1:
            origin = chance.randrange(number)
            share = chance.choice((0, 0.02, 0.05, 0.1, 0.2))
            mine = [chance.choice(stock) if chance.random() < share else s for s in parts[origin]]
            planted.add((origin, number))
        else:
            mine = []
            while sum(map(len, mine)) < size:
                mine.append(chance.choice(usual if chance.random() < 0.2 else stock))
        parts.append(mine)
        texts.append("".join(mine)[:size])
    return texts, planted


if __name__ == "__main__":
    main()
