"""Ray Data as the engine: it schedules the parts over an actor pool, and tries again what a dead process was at."""

from __future__ import annotations

import io
import logging
import os
import re
import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TextIO, cast

from ner_tui import __version__
from ner_tui.cluster.worker import STUCK_AFTER, Worker, row
from ner_tui.errors import InputError
from ner_tui.formats.standoff.extras import require_extra
from ner_tui.session.parts.marks import Mark, PartJob, mark_of

if TYPE_CHECKING:
    from ner_tui.api.labelling import ModelOptions

_log = logging.getLogger(__name__)

AUTO = "auto"
"""The cluster that this machine belongs to, or where there is none, one of this machine alone."""
ANSWERS_WITHIN = 10.0
"""Seconds that a cluster has to take a connection."""
LOOK = 1.0
"""Seconds between two looks at whether the node of this machine is alive, where no part comes."""
_PORT = re.compile(r"(?:ray://)?\[?(?P<host>[^/\[\]]+)\]?:(?P<port>\d+)")
"""An address with a port."""
_OBJECT_STORE = 100 << 20
"""Bytes of shared memory for what flows through a cluster of this machine: parts, not texts."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a part."""

    number: int
    mark: Mark | None
    """None: it failed."""
    here: bool
    """Whether it was done now, and not before."""
    error: str
    """Why it failed, and what to do next."""


def require_ray() -> None:
    """Refuse to go on without Ray.

    Raises:
        InputError: it is not installed.
    """
    require_extra("ray", "ray", "--ray labels files on a Ray cluster")


@contextmanager
def cluster(address: str) -> Iterator[None]:
    """Connect to a cluster, or make one of this machine for as long as the block runs.

    Args:
        address: of the cluster, as ``ray.init`` takes it, or ``AUTO``.

    Raises:
        InputError: it cannot be reached.
    """
    # Read when Ray is imported, and by the processes that it starts.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_DATA_DISABLE_PROGRESS_BARS"] = "1"
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    # What goes on in another thread when all is over is not to begin another cluster.
    os.environ["RAY_ENABLE_AUTO_CONNECT"] = "0"
    # A machine that is busy takes its time to start it.
    os.environ.setdefault("RAY_agent_register_timeout_ms", "120000")
    # That a GPU is not asked for does not mean that it is hidden; Ray would say so at length.
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if found := _PORT.fullmatch(address):
        _knock(address, found["host"], int(found["port"]))
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": True}
    try:
        if address != AUTO:
            ray.init(address, **quiet)
        else:
            try:
                ray.init("auto", **quiet)
            except ConnectionError:
                _of_this_machine(quiet)
    except Exception as error:
        # What Ray raises where its processes do not start has no class of its own.
        reason = " ".join(str(error).split())[:300]
        raise InputError(f"--ray {address}: there is no cluster to be reached: {reason}") from error
    try:
        # What it has to say of workers that end is printed where output goes.
        with redirect_stdout(cast(TextIO, _Logged())):
            yield
    finally:
        ray.shutdown()


def _is_here() -> bool:
    """Whether the node of the cluster that this process belongs to is alive, as far as that is known."""
    import ray
    from ray.util.client import ray as client

    if client.is_connected():
        # It belongs to none, and is told.
        return True
    mine = ray.get_runtime_context().get_node_id()
    # Ray itself takes ten seconds and more to know.
    for node in ray.nodes():
        if node["NodeID"] == mine:
            try:
                socket.create_connection((node["NodeManagerAddress"], node["NodeManagerPort"]), ANSWERS_WITHIN).close()
            except ConnectionRefusedError:
                return False
            except OSError:
                # It is busy.
                return True
    return True


def _knock(address: str, host: str, port: int) -> None:
    """Refuse an address where nothing answers: Ray would try for more than ten minutes.

    Raises:
        InputError: nothing answers.
    """
    try:
        socket.create_connection((host, port), ANSWERS_WITHIN).close()
    except (OSError, OverflowError, UnicodeError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        advice = "name the address that `ray start --head` told, or let --ray auto find the cluster"
        raise InputError(f"--ray {address}: nothing answers there ({reason}): {advice}") from error


class _Logged(io.TextIOBase):
    """A file whose lines are logged."""

    def write(self, text: str) -> int:
        if text.strip():
            _log.info("%s", text.strip())
        return len(text)


def _of_this_machine(quiet: dict[str, Any]) -> None:
    """Make a cluster of this machine; where that is busy, its processes may be late the first time."""
    import ray

    for is_last in (False, True):
        try:
            ray.init("local", include_dashboard=False, object_store_memory=_OBJECT_STORE, **quiet)
        except Exception:
            ray.shutdown()
            if is_last:
                raise
        else:
            return


def processors() -> int:
    """Return how many processors the cluster has."""
    import ray

    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def do_parts(
    jobs: Sequence[PartJob],
    options: ModelOptions,
    *,
    gpus: int = 0,
    workers: int | None = None,
    stuck_after: float = STUCK_AFTER,
) -> Iterator[Outcome]:
    """Have the workers of the cluster do parts; yield what became of each, in any order.

    Args:
        options: of the model; each worker has one processor, and as many threads.
        gpus: how many workers get a GPU each, and do the work alone; 0: none.
        workers: how many there are at the most; None: one for each processor, and more where the cluster grows.
        stuck_after: see ``worker.STUCK_AFTER``.

    Raises:
        InputError: the engine failed.
    """
    import ray
    from ray.data import ActorPoolStrategy, DataContext
    from ray.exceptions import RayError

    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    # Parts come as they are done; their numbers say which is which.
    context.execution_options.preserve_order = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    first = min(len(jobs), gpus or workers or processors())
    most = first if gpus or workers else len(jobs)
    pool = ActorPoolStrategy(
        min_size=1,
        initial_size=first,
        max_size=most,
        # A part that waits for a busy worker would wait while others have nothing to do.
        max_tasks_in_flight_per_actor=1,
    )
    # A block of the data for each part, so that a task is one part.
    parts = ray.data.from_items([row(job) for job in jobs], override_num_blocks=len(jobs))
    done = parts.map_batches(
        Worker,
        fn_constructor_args=(options, str(Path.cwd()), __version__, stuck_after),
        batch_size=1,
        compute=pool,
        num_cpus=1,
        num_gpus=1 if gpus else None,
    )
    try:
        for each in _taken(done.iter_rows()):
            yield Outcome(int(each["number"]), mark_of(each["mark"]), bool(each["here"]), str(each["error"]))
    except RayError as error:
        reason = " ".join(str(error).split())[:300]
        raise InputError(f"the cluster failed, and the same command goes on: {reason}") from error


def _taken(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield rows as they come; they are taken in a thread, as Ray ends a process whose node is gone, without a word.

    Raises:
        InputError: the node is gone.
    """
    come: SimpleQueue[dict[str, Any] | BaseException | None] = SimpleQueue()

    def take() -> None:
        try:
            for each in rows:
                come.put(each)
            come.put(None)
        except BaseException as error:
            come.put(error)

    threading.Thread(target=take, daemon=True).start()
    while True:
        try:
            each = come.get(timeout=LOOK)
        except Empty:
            if not _is_here():
                gone = "the cluster's process on this machine (raylet) was killed, or ended"
                raise InputError(f"{gone}: the same command goes on with the parts that are not done") from None
            continue
        if isinstance(each, BaseException):
            raise each
        if each is None:
            return
        yield each
