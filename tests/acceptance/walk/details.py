"""What an image consists of, and how two differ."""

from desktop import wait_until
from window import key


def opens(walk):
    """Enter opens the image as a tab, with what its configuration says"""
    walk.window.view("Images").select("team/app:2")
    key("Return")
    table = walk.window.view("Configuration")
    wait_until(lambda: table.row_count() > 0, "the configuration")
    rows = dict(zip(table.rows(), table.rows(1)))
    assert rows["Variable KIND"] == "walk" and rows["Platform"] == "linux/amd64", rows


def history(walk):
    """each line of the Dockerfile has its layer and that one's size"""
    walk.window.tab("History and Layers")
    table = walk.window.view("History and Layers")
    wait_until(lambda: table.row_count() >= 3, "the steps")
    sizes = {step: size for step, size in zip(table.rows(), table.rows(1))}
    assert any("/dev/urandom" in step and size.endswith("MiB") for step, size in sizes.items()), sizes
    assert any("echo two" in step for step in sizes), sizes


def files(walk):
    """the files are a tree that opens by the keyboard, with sizes, rights and owners"""
    walk.window.tab("Files")
    view = walk.window.view("Files of the image")
    row = view.row_of("etc")
    view.cell(row).click()
    key("Right")
    inner = view.row_of("two")
    cells = [view.cell(inner, column).name for column in range(4)]
    assert cells[1] == "4 bytes" and cells[2].startswith("-rw"), cells
    assert "version" not in view.rows(), "a file that was removed"


def saves_a_file(walk):
    """a file of the image is saved on this computer"""
    view = walk.window.view("Files of the image")
    view.select("two")
    walk.window.press("imageFileSaveButton")
    walk.picture("dialog")
    walk.window.accept_file(walk.home / "two")
    wait_until(lambda: (walk.home / "two").exists() and (walk.home / "two").read_text() == "two\n", "the file")
    walk.window.message_says("imagePlaceMessage", "Saved /etc/two")


def compares(walk):
    """two selected images are compared, from the older to the newer one"""
    walk.window.view("Images").select("team/app:1", "team/app:2")
    walk.window.menu("Image", "Compare")
    changes = walk.window.view("Paths in which the images differ")
    wait_until(lambda: "/etc/two" in changes.rows(1), f"the paths; there are {changes.rows(1)}")
    told = dict(zip(changes.rows(1), changes.rows()))
    assert told["/etc/two"] == "added" and told["/etc/version"] == "removed", told
    assert "1 added" in walk.window.find("comparisonSummary").name


def closes(walk):
    """Ctrl+W closes the tabs"""
    for _ in range(2):
        key("ctrl+w")
    walk.window.find("welcomePage")


STEPS = [opens, history, files, saves_a_file, compares, closes]
