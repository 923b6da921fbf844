"""Runs the groups of steps in their order, each step with a picture; what fails is told with the tree of the moment."""

import importlib
import json
import os
import pathlib
import subprocess
import time
import traceback

import desktop
from canary import Canary
from hands import key, type_text, windows
from window import Window

# In this order: later groups use what earlier ones made.
GROUPS = ["start", "signingin", "importing", "browsing", "tagging", "details", "sending", "consoles", "deleting",
          "sessions", "operations", "connections", "building", "storage", "remembering", "locked"]


class Walk:
    """What the steps share."""

    def __init__(self, theme, size, pictures):
        self.theme, self.size = theme, size
        self.pictures = pathlib.Path(pictures)
        self.home = pathlib.Path(os.environ["HOME"])
        self.password, self.token = desktop.new_secret(), desktop.new_secret()
        self.users = {"ann": self.password, "bob": desktop.new_secret()}
        self.said = []
        self.window = None
        self.label = ""

    def start_window(self, *paths):
        arguments = ["cooperage", "--theme", self.theme, "--geometry", self.size, *map(str, paths)]
        log = (self.home / "window.log").open("ab")
        self.program = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=log)
        self.window = Window(self.program)

    def command(self, *arguments, check=True):
        """The program without its window: what the engine says."""
        done = subprocess.run(["cooperage", *map(str, arguments)], capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, f"cooperage {arguments}: {done.stderr}"
        self.said.append(done.stdout + done.stderr)
        return done.stdout

    def tags(self):
        return [image["tag"] for image in json.loads(self.command("images", "--format", "json"))]

    def picture(self, name=""):
        """Of the screen as it is; steps take one before they close a dialog, the runner after each step."""
        file = self.pictures / ("-".join(filter(None, [self.label, name])) + ".png")
        subprocess.run(["import", "-window", "root", str(file)], check=False)

    def type(self, text):
        """Where the focus is."""
        type_text(text)

    def answer_prompt(self, password):
        """Types into the system's own dialog, which grabs the keyboard."""
        desktop.wait_until(lambda: windows("gcr-prompter"), "the dialog of the keyring")
        self.picture("prompt")
        type_text(password)
        key("Return")

    def escape(self, dialog):
        key("Escape")
        self.window.gone(dialog)

    def settle(self):
        """After a step that failed: what it left open would stop the others."""
        for _ in range(4):
            key("Escape")


def run(chosen):
    walk = Walk(chosen.theme, chosen.size, chosen.pictures)
    failed, number = [], 0
    with desktop.Keyring() as walk.keyring, \
            desktop.Registry(walk.home / "registry", walk.users) as walk.registry, \
            Canary([walk.token, *walk.users.values()], walk.users) as canary:
        walk.slow = desktop.SlowLine(walk.registry.port, 100_000)
        groups = [name for name in GROUPS if chosen.only in name or name == "start"]
        for group in groups:
            for step in importlib.import_module(group).STEPS:
                number += 1
                name = f"{number:02} {group}: {step.__doc__}"
                walk.label = f"{number:02}-{group}-{step.__name__}"
                began = time.monotonic()
                try:
                    step(walk)
                    print(f"ok   {name} ({time.monotonic() - began:.1f} s)", flush=True)
                except Exception:  # A step may fail in any way; the others go on.
                    failed.append(name)
                    print(f"FAIL {name}\n{traceback.format_exc()}", flush=True)
                    (walk.pictures / f"{number:02}.tree").write_text(walk.window.tree() if walk.window else "")
                walk.picture()
                walk.said.append(walk.window.tree() if walk.window else "")
                if name in failed and walk.window:
                    walk.settle()
        if walk.window and walk.program.poll() is None:
            walk.program.terminate()
            walk.program.wait(20)
        found = canary.found(walk.home, walk.said)
        print("canary:", found or f"nowhere ({canary.rounds} looks at every process's arguments)")
    print(f"{chosen.theme} {chosen.size}: {number} steps, {len(failed)} failed", *failed, sep="\n  ")
    return 1 if failed or found else 0
