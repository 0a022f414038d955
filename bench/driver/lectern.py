#!/usr/bin/env python3
"""Drives Lectern for a benchmark harness that loads the same content into several content servers and runs wrk against them in turn.

  BENCH_HARNESS=FOLDER python3 bench/driver/lectern.py install setup load start coldstart target stop

FOLDER has the harness's common.py. The content is in $BENCH_ROOT/content as JSON Lines (docs/performance.md). The server answers without
its cache, as the other servers do, unless LECTERN_CACHE_SIZE says otherwise. Python standard library only.
"""
import os, shutil, subprocess, sys
sys.path.insert(0, os.environ.get("BENCH_HARNESS") or sys.exit("BENCH_HARNESS must name the harness's folder, in which common.py is"))
from common import *

NAME, PORT = "lectern", 18070
BASE = f"http://127.0.0.1:{PORT}"
SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
DIR = os.path.join(ROOT, NAME)
DATA, EXPORTS, SMALL = (os.path.join(DIR, n) for n in ("data", "exports", "small"))
LECTERN, GENERATE = os.path.join(DIR, "lectern"), os.path.join(DIR, "generate")
ENV = {"LECTERN_DATA": DATA, "LECTERN_ADDR": f"127.0.0.1:{PORT}", "LECTERN_LOG_LEVEL": "warn",
       "LECTERN_CACHE_SIZE": os.environ.get("LECTERN_CACHE_SIZE", "0")}
LARGE = "sections_large.ndjson"
SCOPES = "content:read,drafts:read,content:write,publish"
DEEP = 25_000   # sections before the deep page


def lectern(*args, text=None):
    return subprocess.run([LECTERN, *args], env={**os.environ, **ENV}, input=text, text=True, check=True, capture_output=True).stdout


def install():
    os.makedirs(DIR, exist_ok=True)
    env = {**os.environ, "CGO_ENABLED": "0"}
    for binary, package in ((LECTERN, "."), (GENERATE, "./bench/generate")):
        subprocess.run(["go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, package], cwd=SOURCE, env=env, check=True)


def setup():
    """An empty data folder, and a user whose token saves drafts."""
    down()
    shutil.rmtree(DATA, ignore_errors=True)
    lectern("user", "add", "--role", "owner", "bench", text="a password for benchmarks\n")
    said = lectern("token", "create", "--scope", SCOPES, "bench", "benchmark")
    save_state(NAME, token=next(w for w in said.split() if w.startswith("lec_")))


def count(name):
    return sum(1 for _ in ndjson(name))


def restore(content):
    """The content is turned into an export of Lectern, which is restored, published, and indexed."""
    shutil.rmtree(EXPORTS, ignore_errors=True)
    out = subprocess.run([GENERATE, "-from", content, "-export", EXPORTS], check=True, capture_output=True, text=True).stdout
    lectern("import", *out.split())
    shutil.rmtree(EXPORTS)
    lectern("reindex")


def load():
    """The small set, which is a folder of links to the files that belong to it."""
    shutil.rmtree(SMALL, ignore_errors=True)
    os.makedirs(SMALL)
    for f in os.listdir(CONTENT):
        if f.endswith(".ndjson") and f != LARGE:
            os.symlink(os.path.join(CONTENT, f), os.path.join(SMALL, f))

    def run():
        restore(SMALL)
        return sum(map(count, ("modules", "sections", "citations", "worksheets")))
    timed_load(NAME, "load_small", run)
    save_state(NAME, large=False)
    up()


def load_large():
    """All of it, into a fresh folder: a restore is of a whole course."""
    setup()

    def run():
        restore(CONTENT)
        return sum(map(count, ("modules", "sections", "sections_large", "citations", "worksheets")))
    timed_load(NAME, "load_large", run)
    save_state(NAME, large=True)
    up()


def up():
    return start(NAME, [LECTERN, "serve"], BASE, "/readyz", cwd=DIR, env=ENV)


def down():
    stop(NAME)


def all_modules(api):
    """Ids of the modules, and the course that they are in."""
    out = api.get("/v1/modules?limit=100&sort=id&fields=slug,course")["data"]
    return [m["id"] for m in out], out[0]["course"]["slug"]


def paths():
    """Where each section is below its course: sections have their slugs within a module."""
    slugs = {m["id"]: m["slug"] for m in ndjson("modules")}
    names = ["sections"] + (["sections_large"] if load_state(NAME).get("large") else [])
    found = {s["id"]: f"{slugs[s['module']]}/sections/{s['slug']}" for n in names for s in ndjson(n)}
    return [found[i] for i in range(1, len(found) + 1)]


def deep(api, query):
    """The address of a page far down, by cursor; the last one where there are fewer."""
    after, seen = "", 0
    while seen < DEEP:
        nxt = api.get(f"/v1/sections?sort=id&limit=100&fields=slug{after}")["links"]["next"]
        if nxt is None:
            break
        after, seen = "&after=" + urllib.parse.parse_qs(urllib.parse.urlparse(nxt).query)["after"][0], seen + 100
    return f"/v1/sections?{query}&sort=id{after}"


def target():
    api = Api(BASE)
    modules, course = all_modules(api)
    one = f"/v1/courses/{course}/modules/{{id}}"
    fields = "limit=25&count=true&fields=slug,title,summary,module"
    write_target({
        "name": NAME, "base": BASE, "pids": [load_state(NAME)["pid"]], "auth": {"Authorization": "Bearer " + load_state(NAME)["token"]},
        "modules": modules, "ids": paths(),
        "urls": {   # by id is in the order of the modules here: ids grow with the numbers of the records
            "get_slug": one,
            "get_pop": one + "?include=module,citations.source,worksheets",
            "list25": f"/v1/sections?filter[module]={{module}}&sort=id&{fields}",
            "list25_body": f"/v1/sections?filter[module]={{module}}&sort=id&{fields}&body=markdown",
            "deep": deep(api, fields),
            "search": "/v1/search?q={term}&limit=25&type=section",
        },
        "post": {"path": "/v1/admin/sections", "body": {   # drafts; the body is one block, as the harness can fill in whole values only
            "module_id": "{module}", "slug": "{slug}", "title": "{title}", "summary": "{summary}",
            "blocks": [{"kind": "code", "language": "markdown", "code": "{body}"}]}},
    })


if __name__ == "__main__":
    cli({"install": install, "setup": setup, "load": load, "load-large": load_large, "start": up, "stop": down, "target": target,
         "coldstart": lambda: coldstart(NAME, up, down)})
