"""The commands of `kneeroll`. Heavy parts are imported by the command that needs them, so that --help is quick."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from kneeroll import __version__
from kneeroll.languages import Language
from kneeroll.networks import DEFAULT, Network

if TYPE_CHECKING:
    from kneeroll.journal import Journal

T = TypeVar("T")

app = typer.Typer(
    name="kneeroll",
    help="A coach by ear for the lumbar rotation stretch. Not a medical device; not for diagnosis, treatment or "
    "monitoring of disease or injury.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
journal_app = typer.Typer(
    help="Your past sessions.", invoke_without_command=True, no_args_is_help=False, epilog="Example: kneeroll journal"
)
app.add_typer(journal_app, name="journal")
movements_app = typer.Typer(
    help="What can be done on the mat.", invoke_without_command=True, no_args_is_help=False, epilog="Example: kneeroll movements"
)
app.add_typer(movements_app, name="movements")
plan_app = typer.Typer(
    help="Your plan: what is done, when, and within which limits.",
    invoke_without_command=True,
    no_args_is_help=False,
    epilog="Example: kneeroll plan",
)
app.add_typer(plan_app, name="plan")
export_app = typer.Typer(help="What you did and said, for other programs.", no_args_is_help=True)
app.add_typer(export_app, name="export")
bench_app = typer.Typer(help="How well kneeroll measures.", no_args_is_help=True)
app.add_typer(bench_app, name="bench")

profiles_app = typer.Typer(
    help="The people on this machine, each with a journal of their own.",
    invoke_without_command=True,
    no_args_is_help=False,
    epilog="Example: kneeroll profiles",
)
app.add_typer(profiles_app, name="profiles")

Out = Annotated[Path, typer.Option("--out", help="The file to write.", metavar="FILE")]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what was done and said from this day on.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite a file that is there already.")]
Estimator = Annotated[Network, typer.Option(help="The network that finds the landmarks.")]


def fail(message: str, status: int = 2) -> typer.Exit:
    """Print an error; `raise fail(...)`."""
    typer.echo(f"kneeroll: {message}", err=True)
    return typer.Exit(status)


@app.callback()
def everything(
    profile: Annotated[str, typer.Option(envvar="KNEEROLL_PROFILE", help="For whom; see `kneeroll profiles`.")] = "",
) -> None:
    """A coach by ear for the lumbar rotation stretch."""
    os.environ["KNEEROLL_PROFILE"] = profile
    if profile:
        from kneeroll.journal import data_folder

        _in_words(data_folder)


@app.command(epilog="Example: kneeroll coach --port 8800")
def coach(
    port: Annotated[int, typer.Option(min=1, max=65534, help="Port on 127.0.0.1.")] = 8765,
    plan: Annotated[Path | None, typer.Option(help="A plan as a TOML file, for this time instead of your own.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    estimator: Estimator = DEFAULT,
    phone: Annotated[
        bool, typer.Option("--phone", help="A phone is camera and speaker: serve it, and only it, on your network (next port).")
    ] = False,
    phone_host: Annotated[
        str, typer.Option(help="With --phone: this machine's address in the phone's network, if it is not found by itself.")
    ] = "",
) -> None:
    """Open the coach at http://127.0.0.1:8765."""
    from kneeroll.errors import KneerollError
    from kneeroll.plans import read_plan
    from kneeroll.web.server import serve

    if phone_host and not phone:
        raise fail("--phone-host goes with --phone")
    _unlock()
    try:
        serve(
            port=port,
            plan=None if plan is None else read_plan(plan),
            open_browser=browser,
            network=estimator,
            phone=phone,
            phone_host=phone_host,
        )
    except KneerollError as error:
        raise fail(str(error)) from error


@app.command(epilog="Example: kneeroll measure clip.mp4 --json - --angles angles.csv")
def measure(
    clip: Annotated[Path | None, typer.Argument(help="A video of one person lying on the back.")] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Measure the clip of the sample person.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result as JSON; - for standard output.")] = None,
    angles: Annotated[Path | None, typer.Option(help="Write the angles of every frame as CSV.")] = None,
    video: Annotated[Path | None, typer.Option(help="Write the clip with skeleton, angles and phase drawn on it.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the result in the journal.")] = False,
    estimator: Estimator = DEFAULT,
) -> None:
    """Measure a clip: holds, angles with their errors, faults.

    Exit status: 0 measured; 2 wrong usage or unreadable input; 3 nothing that can be measured.
    """
    from kneeroll.cameras.sample import sample_clip_path
    from kneeroll.cli.measure import measure_clip
    from kneeroll.errors import KneerollError

    if (clip is None) == (not sample):
        raise fail("give one clip, or --sample")
    path = sample_clip_path() if clip is None else clip
    outputs = [out for out in (json_file, angles, video) if out is not None]
    if len({out.resolve() for out in outputs}) < len(outputs):
        raise fail(f"two outputs have the same name {outputs[0]}; give each its own")
    for out in outputs:
        if out.exists() and out.resolve() == path.resolve():
            raise fail(f"{out} is the clip itself; give another name for the output")
        if str(out) != "-" and not out.parent.is_dir():
            raise fail(f"There is no folder {out.parent} for {out.name}; make it first")
    if keep:
        _unlock()
    try:
        status = measure_clip(path, sample=sample, json_file=json_file, angles=angles, video=video, keep=keep, network=estimator)
    except (KneerollError, OSError) as error:
        raise fail(str(error)) from error
    raise typer.Exit(status)


@journal_app.callback()
def journal(context: typer.Context) -> None:
    """List your sessions (newest first)."""
    if context.invoked_subcommand is None:
        from kneeroll.cli.sessions import print_sessions

        _with_journal(print_sessions)


@journal_app.command(epilog="Example: kneeroll journal show 3f2a")
def show(session: Annotated[str, typer.Argument(help="The session's id, or its beginning.")]) -> None:
    """Print one session: its holds with errors."""
    from kneeroll.cli.sessions import print_session

    _with_journal(lambda book: print_session(book, session))


@journal_app.command(epilog="Example: kneeroll journal delete 3f2a")
def delete(
    session: Annotated[str, typer.Argument(help="The session's id, or its beginning.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete one session; for a week it can be brought back."""
    from kneeroll.cli.sessions import delete_session

    _with_journal(lambda book: delete_session(book, session, sure=yes, now=datetime.now(UTC)))


@journal_app.command(epilog="Example: kneeroll journal undo 3f2a")
def undo(session: Annotated[str, typer.Argument(help="The deleted session's id, or its beginning.")]) -> None:
    """Bring a deleted session back."""
    from kneeroll.cli.sessions import undo_delete

    _with_journal(lambda book: undo_delete(book, session))


@journal_app.command("backup", epilog="Example: kneeroll journal backup /media/stick/kneeroll.sqlite")
def journal_backup(
    file: Annotated[Path | None, typer.Argument(help="A new file. Default: beside the journal.", metavar="FILE")] = None,
) -> None:
    """Copy the whole journal, also while a session runs."""
    from kneeroll.cli.journal import back_up

    _with_journal(lambda book: back_up(book, file))


@journal_app.command("restore", epilog="Example: kneeroll journal restore /media/stick/kneeroll.sqlite")
def journal_restore(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.", metavar="FILE")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a backup for the journal, after a check; the present journal is kept beside it. End the coach before."""
    from kneeroll.cli.journal import bring_back
    from kneeroll.journal import data_folder

    _unlock()
    _in_words(lambda: bring_back(data_folder(), file, sure=yes))


@journal_app.command("check", epilog="Example: kneeroll journal check")
def journal_check() -> None:
    """Read every record and say whether the journal is sound.

    Exit status: 0 it is; 2 it cannot be opened; 3 it is damaged.
    """
    from kneeroll.cli.journal import look_through

    raise typer.Exit(_with_journal(look_through))


@journal_app.command("erase", epilog="Example: kneeroll journal erase 3f2a")
def journal_erase(
    session: Annotated[str | None, typer.Argument(help="The session's id, or its beginning.")] = None,
    everything: Annotated[bool, typer.Option("--everything", help="All sessions, the diary, and the backups.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a session, or everything, so that no trace is left in the journal's folder."""
    from kneeroll.cli.journal import erase_for_good

    if (session is None) != everything:
        raise fail("give one session, or --everything")
    _with_journal(lambda book: erase_for_good(book, session, sure=yes))


@journal_app.command("export", epilog="Example: kneeroll journal export my_weeks --parquet")
def journal_export(
    folder: Annotated[Path, typer.Argument(help="A new folder.", metavar="FOLDER")],
    parquet: Annotated[bool, typer.Option("--parquet", help="As Parquet, not CSV: smaller and faster; needs pyarrow.")] = False,
) -> None:
    """Write everything but deleted sessions as tables, with a dictionary of the columns (datapackage.json)."""
    from kneeroll.cli.journal import export_to
    from kneeroll.journal.export import Format

    _with_journal(lambda book: export_to(book, folder, Format.PARQUET if parquet else Format.CSV))


@app.command(epilog="Example: kneeroll inside 3f2a --svg inside.svg")
def inside(
    session: Annotated[str, typer.Argument(help="The session's id, or its beginning; see: kneeroll journal")],
    hold: Annotated[int | None, typer.Option(min=1, help="Only this hold of it, counted from 1.")] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw it (the first hold, or the one you asked for) into this file.")] = None,
) -> None:
    """Say what a session's holds did inside the body: which muscles grew longer, and where the turn came from."""
    from kneeroll.cli.inside import print_inside

    if svg is not None and not svg.parent.is_dir():
        raise fail(f"There is no folder {svg.parent} for {svg.name}; make it first")
    try:
        _with_journal(lambda book: print_inside(book, session, hold=hold, svg=svg))
    except OSError as error:
        raise fail(str(error)) from error


@journal_app.command("encrypt", epilog="Example: kneeroll journal encrypt --keyring")
def journal_encrypt(
    keyring: Annotated[bool, typer.Option("--keyring", help="Keep the passphrase in this system's keyring.")] = False,
) -> None:
    """Encrypt the journal and the copies beside it. It asks for a passphrase, or takes KNEEROLL_PASSPHRASE."""
    from kneeroll.cli.journal import encrypt_journal
    from kneeroll.journal import data_folder

    _in_words(lambda: encrypt_journal(data_folder(), in_keyring=keyring))


@journal_app.command("decrypt", epilog="Example: kneeroll journal decrypt")
def journal_decrypt() -> None:
    """Undo `encrypt`."""
    from kneeroll.cli.journal import decrypt_journal
    from kneeroll.journal import data_folder

    _unlock()
    _in_words(lambda: decrypt_journal(data_folder()))


def _unlock() -> None:
    """Ask for the passphrase of an encrypted journal."""
    from kneeroll.cli.journal import ask_passphrase
    from kneeroll.journal import data_folder

    _in_words(lambda: ask_passphrase(data_folder()))


def _with_journal(action: Callable[[Journal], T]) -> T:
    from kneeroll.errors import KneerollError
    from kneeroll.journal import Journal
    from kneeroll.journal.upkeep import erase_expired

    _unlock()
    try:
        with Journal.open() as book:
            erase_expired(book, datetime.now(UTC))
            return action(book)
    except KneerollError as error:
        raise fail(str(error)) from error


@profiles_app.callback()
def profiles(context: typer.Context) -> None:
    """List the people on this machine."""
    if context.invoked_subcommand is None:
        from kneeroll.cli.profiles import print_profiles

        _in_words(print_profiles)


@profiles_app.command("add", epilog="Example: kneeroll profiles add Anna")
def profiles_add(name: Annotated[str, typer.Argument(help="A new name.")]) -> None:
    """Add somebody, with an empty journal."""
    from kneeroll.cli.profiles import add_profile

    _in_words(lambda: add_profile(name))


@profiles_app.command("rename", epilog="Example: kneeroll profiles rename me Otto")
def profiles_rename(
    name: Annotated[str, typer.Argument(help="The name now.")], to: Annotated[str, typer.Argument(help="The new one.")]
) -> None:
    """Give somebody another name."""
    from kneeroll.cli.profiles import rename_profile

    _in_words(lambda: rename_profile(name, to))


@profiles_app.command("remove", epilog="Example: kneeroll profiles remove Anna")
def profiles_remove(
    name: Annotated[str, typer.Argument(help="Whom.")],
    at_once: Annotated[bool, typer.Option("--erase", help="Erase the journal at once; this cannot be undone.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove somebody with their journal; for a week they can be brought back."""
    from kneeroll.cli.profiles import remove_profile

    _in_words(lambda: remove_profile(name, at_once=at_once, sure=yes, now=datetime.now(UTC)))


@profiles_app.command("undo", epilog="Example: kneeroll profiles undo Anna")
def profiles_undo(name: Annotated[str, typer.Argument(help="Who was removed.")]) -> None:
    """Bring somebody back who was removed."""
    from kneeroll.cli.profiles import undo_remove

    _in_words(lambda: undo_remove(name))


@movements_app.callback()
def movements(context: typer.Context) -> None:
    """List what can be done on the mat, the ladder first, and your own."""
    if context.invoked_subcommand is None:
        from kneeroll.cli.movements import print_movements

        _in_words(print_movements)


@movements_app.command("show", epilog="Example: kneeroll movements show no_cushion_20s")
def movements_show(id: Annotated[str, typer.Argument(help="The movement's id.", metavar="ID")]) -> None:
    """Print one movement: what to do, what counts as a fault, for whom it is not, where it comes from."""
    from kneeroll.cli.movements import print_movement

    _in_words(lambda: print_movement(id))


@movements_app.command("check", epilog="Example: kneeroll movements check my_own.toml")
def movements_check(file: Annotated[Path, typer.Argument(help="A movement as a TOML file.", metavar="FILE")]) -> None:
    """Check a movement of your own and say what is wrong with it.

    Exit status: 0 it is right; 2 it is not.
    """
    from kneeroll.cli.movements import check_movement

    _in_words(lambda: check_movement(file))


def _in_words(action: Callable[[], object]) -> None:
    from kneeroll.errors import KneerollError

    try:
        action()
    except KneerollError as error:
        raise fail(str(error)) from error


@plan_app.callback()
def plan(context: typer.Context) -> None:
    """Print the plan that stands now."""
    if context.invoked_subcommand is None:
        from kneeroll.cli.plan import print_plan

        _with_journal(print_plan)


@plan_app.command("show", epilog="Example: kneeroll plan show my-plan.toml")
def plan_show(
    file: Annotated[Path | None, typer.Argument(help="A plan as a TOML file. Default: the plan that stands now.")] = None,
) -> None:
    """Print a plan: what is done, when, within which limits, and what comes next."""
    from kneeroll.cli.plan import print_plan

    _with_journal(lambda book: print_plan(book, file))


@plan_app.command("check", epilog="Example: kneeroll plan check my-plan.toml")
def plan_check(file: Annotated[Path, typer.Argument(help="A plan as a TOML file.", metavar="FILE")]) -> None:
    """Check a plan and say what is wrong with it.

    Exit status: 0 it is right; 2 it is not.
    """
    from kneeroll.cli.plan import check_plan

    _with_journal(lambda book: check_plan(book, file))


@plan_app.command("import", epilog="Example: kneeroll plan import my-plan.toml")
def plan_import(
    file: Annotated[Path, typer.Argument(help="A plan as a TOML file.", metavar="FILE")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a plan: check it, show what changes, ask, and keep it in the journal."""
    from kneeroll.cli.plan import import_plan

    _with_journal(lambda book: import_plan(book, file, sure=yes))


@plan_app.command("export", epilog="Example: kneeroll plan export --out my-plan.toml")
def plan_export(out: Annotated[Path, typer.Option(help="The TOML file to write; - for standard output.")]) -> None:
    """Write the plan that stands now as a TOML file."""
    from kneeroll.cli.plan import export_plan

    _with_journal(lambda book: export_plan(book, out))


@plan_app.command("calendar", epilog="Example: kneeroll plan calendar --out my-plan.ics")
def plan_calendar(out: Annotated[Path, typer.Option(help="The iCalendar file to write; - for standard output.")]) -> None:
    """Write the sessions of the plan that stands now as a calendar file."""
    from kneeroll.cli.plan import export_calendar

    _with_journal(lambda book: export_calendar(book, out))


@export_app.callback()
def export() -> None:
    """What you did and said, for other programs."""


@export_app.command("fhir", epilog="Example: kneeroll export fhir --out bundle.json --since 2026-09-01")
def export_fhir(
    out: Out,
    since: Since = None,
    snomed: Annotated[bool, typer.Option("--snomed", help="Add SNOMED CT codes; in some countries they need a licence.")] = False,
    force: Force = False,
) -> None:
    """Write sessions, answers and plans as one FHIR R4 bundle (JSON)."""
    from kneeroll.cli.export import write_fhir

    _with_journal(lambda book: write_fhir(book, out, since=since, with_snomed=snomed, force=force))


@export_app.command("omh", epilog="Example: kneeroll export omh --out points.json")
def export_omh(out: Out, since: Since = None, force: Force = False) -> None:
    """Write sessions as Open mHealth and IEEE 1752.1 data points (JSON)."""
    from kneeroll.cli.export import write_omh

    _with_journal(lambda book: write_omh(book, out, since=since, force=force))


@app.command(epilog="Example: kneeroll report --out report.pdf --weeks 12 --language de")
def report(
    out: Out,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many weeks it tells of.")] = 12,
    language: Annotated[Language, typer.Option(help="Its language.")] = Language.EN,
    force: Force = False,
) -> None:
    """Write one page for a professional, as .pdf or .html: what was done, how far, how it felt."""
    from kneeroll.cli.export import write_report

    _with_journal(
        lambda book: write_report(book, out, weeks=weeks, language=language, force=force, now=datetime.now().astimezone())
    )


@bench_app.callback()
def bench() -> None:
    """How well kneeroll measures."""


@bench_app.command(epilog="Example: kneeroll bench truth clips --out report")
def truth(
    folder: Annotated[Path | None, typer.Argument(help="NAME.mp4 with NAME.csv and NAME.json. Default: the sample.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write truth.md, truth.json and truth.svg into this folder.")] = None,
    true_landmarks: Annotated[
        bool, typer.Option("--true-landmarks", help="Feed the true joints, not a network's points.")
    ] = False,
    estimator: Estimator = DEFAULT,
) -> None:
    """Measure clips whose truth is known and say how far off the angles are.

    Exit status: 0 compared; 2 nothing that could be compared.
    """
    from kneeroll.cli.bench import bench_truth
    from kneeroll.errors import KneerollError

    if out is not None and not out.is_dir():
        raise fail(f"There is no folder {out}; make it first")
    try:
        bench_truth(folder, out, network=None if true_landmarks else estimator)
    except (KneerollError, OSError) as error:
        raise fail(str(error)) from error


@app.command(epilog="Example: kneeroll doctor")
def doctor() -> None:
    """Say what works on this machine and what is missing."""
    from kneeroll.cli.doctor import examine

    raise typer.Exit(examine())


@app.command(epilog="Example: kneeroll version")
def version() -> None:
    """Print the version."""
    typer.echo(f"kneeroll {__version__}")


def main() -> None:
    """The entry point."""
    # many tiny matrices: a second thread of the linear algebra library only spins
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app(prog_name="kneeroll")
