"""The commands ``work`` and ``jobs``: sources that wait for workers, and the workers."""

import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import JsonOption, LibraryOption
from ui.cli.output import count_text, print_error, print_json, print_line

if TYPE_CHECKING:
    from ingest.jobs.work import JobResult
    from qa.library.postgres.jobs import Job

__all__ = ["list_jobs", "work_on_jobs"]

_SOME_FAILED = 3


def work_on_jobs(
    library: LibraryOption = None,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=256, help="Workers on this machine.")
    ] = 1,
    until_empty: Annotated[
        bool, typer.Option("--until-empty", help="End when no job is due, instead of waiting.")
    ] = False,
    lease: Annotated[
        float,
        typer.Option(
            "--lease", min=1, help="Seconds after which the job of a dead worker is taken over."
        ),
    ] = 60,
) -> None:
    """Take in the sources that `ingest --enqueue` left in the queue, until interrupted."""
    if processes > 1:
        _start_workers(library, processes, until_empty=until_empty, lease=lease)
        return
    from ingest.jobs.work import work

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # The job under way goes back to the queue.
        signal.signal(number, lambda *_: stop.set())

    def tell_start(job: "Job") -> None:
        print_line(f"started {job.source}")

    def tell_end(result: "JobResult") -> None:
        state = result.state or "taken over by another worker"
        show = print_line if result.state == "done" else print_error
        show(f"{state}: {result.job.source}: {result.outcome}")

    work(
        library,
        until_empty=until_empty,
        lease=lease,
        stop=stop,
        on_job=tell_start,
        on_result=tell_end,
    )


def list_jobs(
    library: LibraryOption = None,
    as_json: JsonOption = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Let the jobs that are set aside wait again.")
    ] = False,
) -> None:
    """Show how many sources wait for a worker, and which are set aside and why. Exits with status 3
    if some are.
    """
    from ingest.jobs.queue import job_database
    from qa.build import open_library
    from qa.library.postgres.jobs import job_counts, jobs, retry_jobs

    with open_library(library) as opened:
        job_database(opened)
        if retry:
            print_error(f"waiting again: {count_text(retry_jobs(opened.database), 'job')}")
        counts = job_counts(opened.database)
        running = jobs(opened.database, "running")
        failed = [job for job in jobs(opened.database, "waiting") if job.attempts]
        set_aside = jobs(opened.database, "set aside")
    if as_json:
        shown = {"running": running, "failed": failed, "set aside": set_aside}
        records = {name: [job.to_dict() for job in each] for name, each in shown.items()}
        print_json({"counts": counts, **records})
    else:
        print_line(", ".join(f"{count:,} {state}" for state, count in counts.items()))
        for job in running:
            print_line(f"running: {job.source} ({job.worker}, attempt {job.attempts})")
        for job in failed:
            print_line(f"again at {job.due:%Y-%m-%d %H:%M:%S}: {job.source}: {job.outcome}")
        for job in set_aside:
            print_line(f"set aside: {job.source}: {job.outcome}")
    if set_aside:
        raise typer.Exit(_SOME_FAILED)


def _start_workers(library: str | None, processes: int, *, until_empty: bool, lease: float) -> None:
    """Workers in processes of their own, which end with this one."""
    command = [sys.executable, "-m", "ui.cli", "work", "--lease", str(lease)]
    command += ["--library", library] if library else []
    command += ["--until-empty"] if until_empty else []
    workers = [subprocess.Popen(command) for _ in range(processes)]

    def stop(*_: object) -> None:
        for worker in workers:
            worker.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    statuses = [worker.wait() for worker in workers]
    if any(statuses):
        raise typer.Exit(max(map(abs, statuses)))
