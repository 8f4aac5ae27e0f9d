"""Imports each new file of a folder, of a folder in Google Drive, or of a prefix of a bucket with `muster run`.

For Apache Airflow 3.3; docs/SCHEDULES.md says how to set it up. A file counts as new until an import of it has ended
well. A task fails for good with the reason that Muster reports, and is tried again only where Muster says that this
may help (exit code 75). No secret is an argument: Muster fetches them from files that the worker's environment or the
connection names.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from airflow.sdk import Connection, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

log = logging.getLogger(__name__)

LISTS = {".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
"""Endings of lists in folders and buckets; Google Drive knows the kinds of its files itself."""

SOME_REJECTED = 3
RETRY_MAY_HELP = 75
SECONDS_TO_END = 35
"""Muster ends within 30 seconds once it is asked to."""

PARAMS = {
    "watch": Param("/srv/inbox", type="string", description="A folder, drive:FOLDER_ID, or s3://bucket/prefix"),
    "profile": Param("staging", type="string", description="Where members are pushed to"),
    "confirm": Param(None, type=["null", "string"], description="The name of a prod profile once more"),
    "recipe": Param(
        None,
        type=["null", "string"],
        description="A recipe whose first list of members stands for the new file; without one, all is detected",
    ),
    "out": Param(None, type=["null", "string"], description="A folder for the result files, one below it a file"),
    "done": Param(
        "/srv/muster-done", type="string", description="A folder, shared by all workers, that notes what was imported"
    ),
    "settle_seconds": Param(60, type="integer", description="A file that was changed since is still being written"),
    "shared_drive": Param(None, type=["null", "string"], description="The shared drive that the Drive folder is in"),
    "muster_connection": Param(
        None,
        type=["null", "string"],
        description='A connection whose extra is { "secret_files": { "NAME": "/path/of/a/0600/file" } }',
    ),
}


def muster(arguments: list[str], params: dict) -> tuple[int, dict]:
    """Runs `muster … --json`: its exit code, and its report. When the task is ended, Muster is asked to end first."""
    command = [os.environ.get("MUSTER_PROGRAM", "muster"), *arguments, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(params)) as process:
        try:
            told, _ = process.communicate()
        except BaseException:
            process.terminate()
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
    try:
        return process.returncode, json.loads(told)
    except json.JSONDecodeError:
        return process.returncode, {}


def environment(params: dict) -> dict[str, str]:
    """The worker's, and where the connection says that secrets are."""
    variables = dict(os.environ)
    if params["muster_connection"]:
        extra = Connection.get(params["muster_connection"]).extra_dejson
        for name, path in extra.get("secret_files", {}).items():
            variable = "".join(letter if letter.isalnum() else "_" for letter in name.upper())
            variables[f"MUSTER_SECRET_FILE_{variable}"] = path
    return variables


def settle(code: int, report: dict, what: str) -> None:
    """Lets the task go on, fail for good, or be tried again, as the exit code says."""
    error = report.get("error", {})
    reason = " ".join(filter(None, [error.get("message"), error.get("help")])) or f"exit code {code}"
    if code == SOME_REJECTED:
        log.warning("%s: %d rows were rejected: muster rejects list", what, report["counts"]["rejected"])
    elif code == RETRY_MAY_HELP or code < 0:
        raise AirflowException(f"{what}: {reason}")
    elif code != 0:
        raise AirflowFailException(f"{what}: {reason}")


def in_folder(folder: Path, params: dict) -> list[dict]:
    """The lists in a folder of the worker."""
    until = time.time() - params["settle_seconds"]
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in LISTS and path.is_file())
    facts = [(path, path.stat()) for path in files]
    return [
        {"path": str(path), "name": path.name, "version": f"{found.st_size}-{found.st_mtime_ns}"}
        for path, found in facts
        if found.st_mtime <= until
    ]


def in_drive(folder: str, params: dict) -> list[dict]:
    """The lists in a folder of Google Drive, as Muster sees them."""
    arguments = ["drive", "list", "--folder", folder]
    if params["shared_drive"]:
        arguments += ["--shared-drive", params["shared_drive"]]
    code, report = muster(arguments, params)
    settle(code, report, "Google Drive")
    return [
        {"path": f"drive:{file['id']}", "name": file["name"], "version": file["modified"] or ""}
        for file in report["files"]
        if file["downloadable"]
    ]


def in_bucket(address: str, params: dict) -> list[dict]:
    """The lists in a folder of a bucket, as Muster sees them."""
    code, report = muster(["s3", "list", address], params)
    settle(code, report, "S3")
    return [
        {"path": file["path"], "name": file["name"], "version": file["version"]}
        for file in report["files"]
        if Path(file["name"]).suffix.lower() in LISTS
    ]


def note_of(file: dict, params: dict) -> Path:
    """What says that this version of a file was imported, to this profile."""
    facts = "\n".join([params["profile"], file["path"], file["version"]])
    return Path(params["done"]) / hashlib.sha256(facts.encode()).hexdigest()


def recipe_for(file: dict, params: dict) -> dict:
    """The recipe with the file in place of its first list of members; its other files stay where they are."""
    if not params["recipe"]:
        return {"version": 1, "files": [{"path": file["path"]}]}
    path = Path(params["recipe"])
    recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
    lists = [entry for entry in recipe["files"] if not entry.get("dimension")]
    for entry in recipe["files"]:
        if entry is lists[0]:
            entry["path"] = file["path"]
        elif not entry["path"].startswith(("drive:", "s3:")):
            entry["path"] = str(path.parent / entry["path"])
    return recipe


@dag(
    schedule="*/15 * * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    # A second run would find the files that the first one is importing.
    max_active_runs=1,
    params=PARAMS,
    tags=["muster"],
    doc_md=__doc__,
)
def muster_import():
    """Finds new files, and imports each in a task of its own."""

    @task
    def new_files() -> list[dict]:
        params = get_current_context()["params"]
        watch = params["watch"]
        if watch.startswith("drive:"):
            found = in_drive(watch.removeprefix("drive:"), params)
        elif watch.startswith("s3://"):
            found = in_bucket(watch, params)
        else:
            found = in_folder(Path(watch), params)
        new = [file for file in found if not note_of(file, params).exists()]
        log.info("%d of %d files are new", len(new), len(found))
        return new

    @task(
        retries=int(os.environ.get("MUSTER_RETRIES", "3")),
        retry_delay=timedelta(seconds=int(os.environ.get("MUSTER_RETRY_SECONDS", "300"))),
        map_index_template="{{ file['name'] }}",
        # Those who write to one database wait for each other anyway.
        max_active_tis_per_dag=1,
    )
    def import_file(file: dict) -> dict:
        params = get_current_context()["params"]
        name = Path(file["name"]).stem
        with tempfile.TemporaryDirectory() as folder:
            recipe = Path(folder) / f"{name}.yml"
            recipe.write_text(yaml.safe_dump(recipe_for(file, params), allow_unicode=True), encoding="utf-8")
            arguments = ["run", "--recipe", str(recipe), "--profile", params["profile"]]
            if params["confirm"]:
                arguments += ["--confirm", params["confirm"]]
            if params["out"]:
                arguments += ["--out", str(Path(params["out"]) / name)]
            code, report = muster(arguments, params)
        settle(code, report, file["name"])
        note = note_of(file, params)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(file["name"], encoding="utf-8")
        return {"counts": report["counts"], "push": report["push"]}

    import_file.expand(file=new_files())


muster_import()
