"""What the engine does and did."""

import subprocess

from desktop import wait_until
from hands import key


def operations(walk):
    return walk.window.view("Operations")


def lists(walk):
    """imports, runs and builds of before are listed with their states"""
    walk.window.tab("Operations")
    wait_until(lambda: operations(walk).row_count() > 3, "the operations")
    rows = operations(walk).rows()
    for part in ("run, done", "import, done", "run, exit 3", "run, cancelled"):
        assert any(part in row for row in rows), f"no {part}: {rows}"


def shows_output(walk):
    """what an operation printed is shown, and how it ended"""
    view = operations(walk)
    wait_until(lambda: any("greeting; echo done" in row for row in view.rows()), "the run")
    row = next(i for i, name in enumerate(view.rows()) if "greeting; echo done" in name)
    view.cell(row).click()
    output = walk.window.find("operationOutput")
    wait_until(lambda: "done-42" in output.text and "Exit code 0" in output.text, "its output")


def cancels(walk):
    """an operation that a command has started is cancelled here; the command tells so"""
    command = subprocess.Popen(["cooperage", "run", "busybox:latest", "--", "sleep", "601"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    view = operations(walk)
    try:
        wait_until(lambda: "601, run, running" in view.cell(0).name, f"the run; there are {view.rows()}", 30)
        view.cell(0).click()
        walk.picture("running")
        walk.window.press("operationCancelButton")
        wait_until(lambda: any("601" in name and "cancelled" in name for name in view.rows()), "it to be cancelled")
        assert command.wait(20) != 0
    finally:
        command.kill()


def copies_the_id(walk):
    """the id of an operation is copied: `cooperage show` knows it"""
    operations(walk).cell(0).click()
    walk.window.press("operationCopyButton")
    field = walk.window.find("imageFilter")
    field.focus()
    key("ctrl+v")
    wait_until(lambda: len(field.text) >= 32, "an id in the clipboard")
    assert walk.command("show", field.text)
    field.type("")


STEPS = [lists, shows_output, cancels, copies_the_id]
