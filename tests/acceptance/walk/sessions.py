"""Sessions: started from an image, run in, branched, gone back in, searched, deleted and brought back."""

from desktop import wait_until
from hands import key

SHOWN = "History of the session"


def graph(walk):
    return walk.window.view(SHOWN)


def newest(walk, *parts):
    """Waits for the newest entry to say all of this."""
    wait_until(lambda: graph(walk).row_count() and all(part in graph(walk).cell(0).name for part in parts),
               f"{parts} on top; there is {graph(walk).rows()[:3]}", 40)


def entry(walk, text):
    """The row of the entry whose title begins so."""
    return graph(walk).cell(graph(walk).row_of(text))


def run(walk, command):
    field = walk.window.find("historyCommand")
    wait_until(lambda: field.enabled, "the command to be enabled")
    field.type(command)
    key("Return")


def prints(walk, text):
    output = walk.window.find("historyOutput")
    wait_until(lambda: text in output.text, f"{text!r} in the output; it says {output.text[-300:]!r}", 40)


def submit(walk, dialog, by=None, **texts):
    """Fills the fields of a dialog and presses Enter, or a button."""
    box = walk.window.find(dialog)
    for id, text in texts.items():
        walk.window.find(id).type(text)
    walk.picture(dialog)
    if by:
        walk.window.find(name=by, role="button", below=box).press()
    else:
        key("Return")
    walk.window.gone(dialog)


def starts(walk):
    """a session is started from an image"""
    key("ctrl+shift+h")
    walk.window.menu("Session", "New Session…")
    # Enter belongs to the list of completions that is open.
    submit(walk, "startDialog", by="Start", startName="walk", startImage="team/app:1")
    newest(walk, "start", "branch main, current")
    assert walk.window.find("historySession").name == "walk"


def runs(walk):
    """a command runs in the snapshot; its output and exit code are shown, the graph grows"""
    run(walk, "echo hello > /greeting; echo done-$((40+2))")
    prints(walk, "done-42")
    prints(walk, "Exit code 0.")
    newest(walk, "echo hello > /greeting", "run")
    assert graph(walk).row_count() == 2, graph(walk).rows()


def runs_badly(walk):
    """a command that fails is marked so in words"""
    run(walk, "exit 3")
    newest(walk, "exit 3", "run, exit 3")


def goes_back(walk):
    """Roll Back moves the branch to an earlier entry; nothing is lost"""
    entry(walk, "echo hello").click()
    walk.window.menu("Session", "Roll Back to Here")
    wait_until(lambda: "current" in entry(walk, "echo hello").name, "the entry to be the current one")
    assert any("exit 3" in name for name in graph(walk).rows()), "the failed run is lost"


def keeps_nothing(walk):
    """a run that keeps nothing goes to a branch of its own"""
    box = walk.window.find("historyDisposable")
    box.click()
    wait_until(lambda: box.checked, "the box to be ticked")
    run(walk, "rm /greeting; echo gone")
    prints(walk, "gone")
    newest(walk, "disposable")
    box.click()
    run(walk, "cat /greeting")
    prints(walk, "hello")


def sets_the_folder(walk):
    """a folder for later runs"""
    walk.window.menu("Session", "Set Folder…")
    submit(walk, "folderDialog", folderEdit="/etc")
    newest(walk, "folder")
    run(walk, "pwd")
    prints(walk, "\n/etc\n")


def sets_variables(walk):
    """a variable for later runs; its value is in no title"""
    walk.window.menu("Session", "Set Variables…")
    walk.window.find("variablesDialog")
    walk.window.press("variablesAdd")
    table = walk.window.find(name="Variables")
    wait_until(lambda: any(node.role == "table cell" and node.has("FOCUSED") for node in table.children()),
               "the focus in the new row")
    walk.type("WALKER")
    key("Tab")
    wait_until(lambda: table.rows()[-1:] == ["WALKER"], f"the name; there are {table.rows()}")
    walk.type("on foot")
    key("Return")
    walk.picture("dialog")
    walk.window.find(name="Set Variables", role="button").press()
    walk.window.gone("variablesDialog")
    newest(walk, "variables")
    assert not any("on foot" in name for name in graph(walk).rows()), graph(walk).rows()
    run(walk, "echo going $WALKER")
    prints(walk, "going on foot")


def adds_files(walk):
    """a file of this computer is there in the next run"""
    (walk.home / "parcel").write_text("from outside\n")
    walk.window.menu("Session", "Add Files…")
    walk.window.accept_file(walk.home / "parcel")
    submit(walk, "targetDialog", targetEdit="/srv/parcel")
    newest(walk, "files added")
    run(walk, "cat /srv/parcel")
    prints(walk, "from outside")


def stops(walk):
    """Escape stops a command; the session stays where it was"""
    rows = graph(walk).row_count()
    run(walk, "sleep 600")
    walk.window.find("historyStopButton")
    key("Escape")
    walk.window.message_says("historyMessage", "cancel", "stopped", "Cancel")
    wait_until(lambda: walk.window.shows("historyRunButton"), "the run to end")
    assert graph(walk).row_count() == rows, graph(walk).rows()


def branches(walk):
    """a branch begins at an earlier entry, and is checked out"""
    entry(walk, "echo hello").click()
    walk.window.menu("Session", "Branch Here…")
    submit(walk, "branchDialog", branchEdit="side")
    entry(walk, "echo hello").click()
    wait_until(lambda: "side" in entry(walk, "echo hello").name, "the branch on the entry")


def checks_out(walk):
    """the other branch is checked out again"""
    entry(walk, "cat /srv/parcel").click()
    walk.window.menu("Session", "Check Out Branch")
    wait_until(lambda: "branch main, current" in entry(walk, "cat /srv/parcel").name, "main to be the active branch")


def searches(walk):
    """the search finds entries and tells how many"""
    walk.window.find("historySearch").type("greeting")
    wait_until(lambda: " of " in walk.window.find("historyFound").name, "how many were found")
    first = walk.window.find("historyFound").name
    key("F3")
    wait_until(lambda: walk.window.find("historyFound").name != first, "the next one")
    walk.window.find("historySearch").type("no such entry")
    wait_until(lambda: walk.window.find("historyFound").name == "Not found", "that nothing is found")
    walk.window.find("historySearch").type("")


def zooms(walk):
    """the graph is shown larger and smaller"""
    height = graph(walk).cell(0).box().height
    walk.window.menu("Session", "Zoom In")
    walk.window.menu("Session", "Zoom In")
    wait_until(lambda: graph(walk).cell(0).box().height > height, "higher rows")
    walk.picture("large")
    walk.window.menu("Session", "Zoom Out")
    walk.window.menu("Session", "Zoom Out")
    wait_until(lambda: graph(walk).cell(0).box().height == height, "the rows of before")


def tags_an_entry(walk):
    """the image of an entry gets a tag, which the list of images shows"""
    entry(walk, "cat /srv/parcel").click()
    walk.window.menu("Session", "Tag Image…")
    submit(walk, "historyTagDialog", historyTagEdit="walked/on:1")
    walk.window.view("Images").row_of("walked/on:1")


def browses_an_entry(walk):
    """the files of an entry's image are looked at"""
    entry(walk, "cat /srv/parcel").click()
    walk.window.menu("Session", "Browse Files")
    walk.window.tab("Files")
    walk.window.view("Files of the image").row_of("greeting")
    walk.picture("files")
    key("ctrl+w")
    walk.window.find("welcomePage")


def renames(walk):
    """the session gets another name"""
    walk.window.menu("Session", "Rename Session…")
    submit(walk, "renameDialog", renameEdit="hike")
    wait_until(lambda: walk.window.find("historySession").name == "hike", "the new name")
    assert "hike" in walk.command("session", "list")


def deletes_and_undoes(walk):
    """the session is deleted, and Undo brings it back with all entries"""
    rows = graph(walk).row_count()
    walk.window.menu("Session", "Delete Session")
    walk.window.message_says("historyMessage", "Deleted the session hike")
    wait_until(lambda: "hike" not in walk.command("session", "list"), "the session to go")
    walk.picture("undo")
    walk.window.press_message("historyMessage")
    wait_until(lambda: "hike" in walk.command("session", "list"), "the session to be back")
    wait_until(lambda: graph(walk).row_count() == rows, "its entries")


def lists_builds(walk):
    """the sessions of builds are listed apart, and tell why nothing runs in them"""
    walk.window.find("historyFilter").choose("Builds")
    wait_until(lambda: walk.window.find("historySession").name.startswith("build:"), "a session of a build")
    wait_until(lambda: "history of a build" in walk.window.find("historyPlace").name, "the reason")
    assert not walk.window.find("historyCommand").enabled
    walk.picture("builds")
    walk.window.find("historyFilter").choose("All")


STEPS = [starts, runs, runs_badly, goes_back, keeps_nothing, sets_the_folder, sets_variables, adds_files, stops,
         branches, checks_out, searches, zooms, tags_an_entry, browses_an_entry,
         renames, deletes_and_undoes, lists_builds]
