"""Claims of 'Going deeper with convolutions' on a module's branches: one sparse kernel, and the pool with its 1x1."""

from __future__ import annotations

from inception_analyzer.claims.counted import chain
from inception_analyzer.claims.judging import EXACT, clocked, fits, of, true
from inception_analyzer.claims.model import (
    Amount,
    Citation,
    Claim,
    Condition,
    Figures,
    Finding,
    Kind,
    SubCheck,
    number_of,
    ratio,
    say,
    share,
)
from inception_analyzer.claims.modules import MODULES, module, own_network
from inception_analyzer.cost import own_cost
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import Placed
from inception_analyzer.spec import Conv, Pool
from inception_analyzer.words import avgpool, conv, seq

KERNEL_ARMS = ("1x1", "3x3", "5x5")
ZEROS = {"90 %": "10x", "99 %": "100x", "99.9 %": "1000x"}


def _as_one_kernel() -> Figures:
    """Weights of each module's kernels by themselves and as one dense 5x5 over what the module reads."""
    figures: dict[str, float] = {}
    for name in MODULES:
        here = module(name)
        widths = {arm: _arm(name, arm).writes.channels for arm in KERNEL_ARMS}
        reads, grid = here.reads.channels, here.reads.height
        single = [chain(kernel, f"{reads},{width}", grid).same.forward.weights for kernel, width in widths.items()]
        dense = chain("5x5", f"{reads},{sum(widths.values())}", grid).same.forward.weights
        figures |= {f"{name}.taps": sum(single), f"{name}.dense": dense}
    return figures


def _arm(name: str, arm: str) -> Placed:
    return next(part for part in module(name).parts if part.path.endswith(f".{arm}"))


def _judge_sparse_time(evidence: Evidence) -> Finding:
    """The paper's hundred-fold fewer operations, and ten-fold; a thousand-fold is beyond what it says."""
    cases = {f"time at {zeros} zeros": f"{zeros} zeros, {fewer} fewer operations" for zeros, fewer in ZEROS.items()}
    found = clocked(evidence, cases, 1.0, float("inf"), aside=("time at 99.9 % zeros",))
    told = ", ".join(f"{{}} as long with {one.when.partition(',')[0]}" for one in found.conditions)
    values = [one.value for one in found.conditions]
    most = max(values, key=lambda amount: amount.value)
    return found.finding(say("{}", most), say(f"the sparse product took {told} as the dense one", *values))


def _sparse_questions() -> tuple[Question, ...]:
    """One dense product of matrices beside sparse ones, by the names of the lab."""
    return tuple(
        Question(f"time at {zeros} zeros", "operation: dense product", f"operation: CSR product, {zeros} zeros")
        for zeros in ZEROS
    )


def _judge_embedded(evidence: Evidence) -> Finding:
    """The kernels of 3a as one 5x5, most of it zeros, beside the branches."""
    error = Amount(evidence["one-sparse-5x5.error"], "error")
    condition = Condition("3a, linear, padded", error, true(error.value < EXACT))
    return Finding(of([condition]), say("{} apart", error), say("its branches and one 5x5 differ by {}", error), (condition,))


def _judge_zeros(evidence: Evidence) -> Finding:
    """Sparse: the greater part of that kernel is zeros, in each module."""
    conditions = []
    for name in MODULES:
        taps, dense = evidence[f"{name}.taps"], evidence[f"{name}.dense"]
        parts = (("taps", Amount(taps, "params")), ("5x5", Amount(dense, "params")))
        conditions.append(Condition(f"module {name}, weights not zero", share(taps / dense), true(2 * taps < dense), parts))
    first = conditions[0].value
    reason = say("as one 5x5, {} of 3a's weights would not be zero, so a dense one takes {}", first, ratio(1 / first.value))
    return Finding(of(conditions), say("{} not zero", first), reason, tuple(conditions))


def _pool_orders() -> Figures:
    """The pool branch of 3a in both orders, and in how many modules the 1x1 comes after the pool."""
    pool, projection = module("3a").parts[-1].parts
    assert isinstance(pool.node, Pool)
    taps = pool.node.kernel[0] * pool.node.kernel[1] * pool.writes.height * pool.writes.width
    grid, reads, writes = pool.reads.height, pool.reads.channels, projection.writes.channels
    orders = [tuple(type(step.node) for step in module(name).parts[-1].parts) for name in MODULES]
    return {
        "after.macs": own_cost(projection).macs,
        "before.macs": chain("1x1", f"{reads},{writes}", grid).same.macs,
        "after.taps": own_cost(pool).elementwise,
        "before.taps": taps * writes,
        "modules": len(orders),
        "modules.pool-first": sum(order == (Pool, Conv) for order in orders),
    }


def _judge_order(evidence: Evidence) -> Finding:
    """Where the order matters: what a branch computes in one order beside the other, and what it costs."""
    cases = {"max": "max pool", "average-relu": "average pool, ReLU", "average": "average pool, no activation"}
    conditions = [
        Condition(f"{told}, values", error, true(error.value > EXACT))
        for key, told in cases.items()
        for error in (Amount(evidence[f"pool-order.{key}"], "error"),)
    ]
    macs, taps = (ratio(evidence[f"after.{key}"] / evidence[f"before.{key}"]) for key in ("macs", "taps"))
    asides = [
        Condition("multiply-adds, pool first / 1x1 first", macs, "aside", _both(evidence, "macs")),
        Condition("taps of the pool, pool first / 1x1 first", taps, "aside", _both(evidence, "taps", "elements")),
    ]
    counts = sum(one.fit == "exactly" for one in conditions)
    reason = say(
        "the order changes the values by {} for a max pool and by {} for a linear average",
        conditions[0].value,
        conditions[-1].value,
    )
    found = say("counts in {} of {} cases", number_of(counts), number_of(len(conditions)))
    return Finding(of(conditions), found, reason, (*conditions, *asides))


def _both(evidence: Evidence, key: str, kind: Kind = "macs") -> tuple[tuple[str, Amount], ...]:
    return tuple((f"{order} it", Amount(evidence[f"{order}.{key}"], kind)) for order in ("before", "after"))


def _judge_placement(evidence: Evidence) -> Finding:
    found, every = evidence["modules.pool-first"], evidence["modules"]
    condition = Condition("modules whose 1x1 follows the pool", number_of(found), fits(found, every))
    words = say("{} of {} modules", number_of(found), number_of(every))
    return Finding(of([condition]), words, say("the 1x1 follows the pool in {} of {} modules", *words.amounts), (condition,))


def _judge_equal_cost(evidence: Evidence) -> Finding:
    """The 1x1 does the same work on either side of a pool that keeps the grid; the pool does not."""
    kinds: tuple[tuple[str, str, Kind], ...] = (("macs", "multiply-adds", "macs"), ("taps", "taps of the pool", "elements"))
    conditions = []
    for key, told, kind in kinds:
        before, after = evidence[f"before.{key}"], evidence[f"after.{key}"]
        conditions.append(Condition(told, ratio(after / before), fits(after, before), _both(evidence, key, kind)))
    macs, taps = (one.value for one in conditions)
    reason = say("pool first takes {} the multiply-adds and {} the taps of the pool", macs, taps)
    return Finding(of(conditions), say("{} and {}", macs, taps), reason, tuple(conditions))


def _timed_orders() -> tuple[Question, ...]:
    """The branch of 3a with an average pool, as later papers have it: pool first, then 1x1 first."""
    here = module("3a")
    pool, project = avgpool(3, 1, 1), conv(here.parts[-1].writes.channels, 1, norm=None, act="none")
    after = own_network("pool, then 1x1", seq(pool, project), here.reads)
    before = own_network("1x1, then pool", seq(project, pool), here.reads)
    return (Question("1x1 first", after, before),)


SPARSE = Claim(
    id="module-as-sparse-conv",
    title="sparse arithmetic does not pay",
    statement="Sparse matrices lose to dense ones even where they spare 99 of 100 operations, so modules are dense parts.",
    sources=(
        Citation("P1", "section 3", "even 100x fewer operations are eaten by look-ups and cache misses"),
        Citation("001", "1, 2.2.1", "four dense branches act like a sparse structure; hardware is inefficient on sparse data"),
    ),
    claimed="no gain",
    form="time of a product with CSR weights over that of the dense one; (C1 + 9 C3 + 25 C5) / 25 (C1 + C3 + C5)",
    built="1024x1024 by 1024x784, dense and with 90 to 99.9 % zeros; the kernels of each module as one 5x5",
    count=_as_one_kernel,
    needs=("one-sparse-5x5",),
    asks=_sparse_questions,
    judge=_judge_sparse_time,
    recorded="undecided",
    checks=(
        SubCheck("embedded", "The kernels of a module are one sparse 5x5.", "the same", _judge_embedded, "holds"),
        SubCheck("zeros", "Most weights of that 5x5 are zeros.", "most", _judge_zeros, "holds"),
    ),
    see=("one-by-one-reduction-saves",),
)
POOL_ORDER = Claim(
    id="pool-proj-order",
    title="the 1x1 belongs after the pool",
    statement="In the pool branch the 1x1 comes after the pool and not before it, which is not the same.",
    sources=(
        Citation("001", "2.2.2", "note that the 1x1 follows the pool here, unlike in the other branches"),
        Citation("P1", "Figure 2b", "drawn so"),
    ),
    claimed="it counts",
    form="pool(W x) = W pool(x) for a linear W and a mean; a maximum does not commute with sums",
    built="the pool branch of 3a in both orders, with its maximum, a mean, and a mean behind ReLU",
    count=_pool_orders,
    needs=("pool-order",),
    asks=_timed_orders,
    judge=_judge_order,
    recorded="depends",
    checks=(
        SubCheck("placement", "GoogLeNet's modules project after the pool.", "after", _judge_placement, "holds"),
        SubCheck("cost", "Either order costs the same.", "the same", _judge_equal_cost, "depends"),
    ),
    holds_when="the pool takes the maximum, or an activation lies between",
    see=("one-by-one-reduction-saves",),
)
CLAIMS = (SPARSE, POOL_ORDER)
