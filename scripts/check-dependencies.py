#!/usr/bin/env python3
"""Checks which of our crates may use which (docs/ARCHITECTURE.md), from `cargo metadata` on standard input.

    cargo metadata --format-version 1 | check-dependencies.py
    check-dependencies.py --self-test      shows that each rule is noticed when it is broken
"""

import copy
import json
import sys

# What each of our crates may name of ours, in any kind of dependency.
OURS = {
    "muster-engine": set(),
    "muster-migrations": set(),
    "muster-backend": {"muster-engine", "muster-migrations"},
    "muster-cli": {"muster-backend"},
    "muster-desktop": {"muster-backend"},
    "muster-tests": {"muster-engine", "muster-backend", "muster-cli", "muster-migrations"},
}
# What a crate's own code (not its tests) must not reach, not even through others.
UNREACHABLE = {
    "muster-engine": ("tokio", "sea-orm", "sqlx", "reqwest", "tauri", "rusqlite", "libsqlite3-sys", "hyper", "async-std"),
    "muster-migrations": ("tauri", "reqwest"),
    "muster-backend": ("tauri",),
    "muster-cli": ("tauri",),
    "muster-tests": ("tauri",),
}
# Only these may be named by the crate's own code, where the list of the design is closed.
ONLY = {"muster-migrations": {"sea-orm-migration"}}
TAURI_USER = "muster-desktop"


def is_family(name, family):
    """`sea-orm` covers sea-orm-macros too; `tokio` covers tokio-util."""
    return name == family or name.startswith(family + "-")


def direct_faults(package):
    name = package["name"]
    if name not in OURS:
        yield f"{name} is a new crate: say in scripts/check-dependencies.py what it may use"
        return
    for dependency in package["dependencies"]:
        used, kind = dependency["name"], dependency["kind"] or "normal"
        if used.startswith("muster-") and used not in OURS[name]:
            yield f"{name} may not use {used} ({kind})"
        if is_family(used, "tauri") and name != TAURI_USER:
            yield f"{name} may not name {used}: only {TAURI_USER} knows the window"
        if name in ONLY and kind != "dev" and used not in ONLY[name]:
            yield f"{name} may name {', '.join(sorted(ONLY[name]))} only, not {used}"


def reached(start, nodes):
    """Every package that the own code of `start` builds on, each with the package that brought it in."""
    brought_by, todo = {start: None}, [start]
    while todo:
        node = todo.pop()
        for dependency in nodes[node]["deps"]:
            kinds = {kind["kind"] for kind in dependency["dep_kinds"]}
            if kinds <= {"dev", "build"} or dependency["pkg"] in brought_by:
                continue
            brought_by[dependency["pkg"]] = node
            todo.append(dependency["pkg"])
    return brought_by


def path_to(package, brought_by, names):
    steps = []
    while package:
        steps.append(names[package])
        package = brought_by[package]
    return " → ".join(reversed(steps))


def faults_of(metadata):
    names = {package["id"]: package["name"] for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    members = set(metadata["workspace_members"])
    for package in metadata["packages"]:
        if package["id"] not in members:
            continue
        yield from direct_faults(package)
        families = UNREACHABLE.get(package["name"], ())
        brought_by = reached(package["id"], nodes)
        for found in brought_by:
            if any(is_family(names[found], family) for family in families):
                yield f"{package['name']} must not reach {names[found]}: {path_to(found, brought_by, names)}"


def small_workspace():
    """A metadata document in which every rule is kept, as small as it can be."""
    edges = {
        "muster-engine": ["memchr"],
        "muster-migrations": ["sea-orm-migration"],
        "muster-backend": ["muster-engine", "muster-migrations", "tokio"],
        "muster-cli": ["muster-backend"],
        "muster-desktop": ["muster-backend", "tauri"],
        "muster-tests": ["muster-backend", "muster-cli"],
        "sea-orm-migration": ["tokio"],
        "memchr": [],
        "tokio": [],
        "tauri": ["tokio"],
    }
    return {
        "packages": [
            {"id": name, "name": name, "dependencies": [{"name": used, "kind": None} for used in uses]}
            for name, uses in edges.items()
        ],
        "resolve": {
            "nodes": [
                {"id": name, "deps": [{"pkg": used, "dep_kinds": [{"kind": None}]} for used in uses]}
                for name, uses in edges.items()
            ]
        },
        "workspace_members": [name for name in edges if name.startswith("muster-")],
    }


def with_dependency(metadata, name, used, kind=None):
    broken = copy.deepcopy(metadata)
    for package, node in zip(broken["packages"], broken["resolve"]["nodes"]):
        if package["name"] == name:
            package["dependencies"].append({"name": used, "kind": kind})
            node["deps"].append({"pkg": used, "dep_kinds": [{"kind": kind}]})
    return broken


def self_test():
    good = small_workspace()
    assert not list(faults_of(good)), list(faults_of(good))
    assert not list(faults_of(with_dependency(good, "muster-engine", "tokio", "dev"))), "tests may use more"
    breaches = [
        ("muster-engine", "muster-backend", None),
        ("muster-engine", "tokio", None),
        ("muster-engine", "sea-orm-migration", None),
        ("memchr", "tokio", None),  # through another crate
        ("muster-migrations", "muster-engine", None),
        ("muster-migrations", "tokio", None),
        ("muster-backend", "tauri", None),
        ("muster-cli", "muster-engine", None),
        ("muster-cli", "muster-migrations", "dev"),
        ("muster-desktop", "muster-cli", None),
        ("muster-tests", "muster-desktop", "dev"),
    ]
    for name, used, kind in breaches:
        assert list(faults_of(with_dependency(good, name, used, kind))), f"{name} → {used} was not noticed"
    stranger = small_workspace()
    stranger["packages"].append({"id": "muster-extra", "name": "muster-extra", "dependencies": []})
    stranger["resolve"]["nodes"].append({"id": "muster-extra", "deps": []})
    stranger["workspace_members"].append("muster-extra")
    assert list(faults_of(stranger)), "an unknown crate was not noticed"
    print(f"Dependency check: notices {len(breaches) + 1} of {len(breaches) + 1} breaches.")


def main():
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return
    metadata = json.load(sys.stdin)
    faults = sorted(set(faults_of(metadata)))
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        sys.exit(1)
    print(f"Dependencies between {len(metadata['workspace_members'])} crates: as the design allows.")


if __name__ == "__main__":
    main()
