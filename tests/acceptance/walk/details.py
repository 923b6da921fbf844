"""What an image consists of: configuration, layers and their lines, files, search, waste; and how two images differ."""

from desktop import wait_until
from hands import key


def opens(walk):
    """Enter opens the image as a tab, with what its configuration says"""
    walk.window.view("Images").select("team/app:2")
    key("Return")
    table = walk.window.view("Configuration")
    wait_until(lambda: table.row_count() > 0, "the configuration")
    rows = dict(zip(table.rows(), table.rows(1)))
    assert rows["Variable KIND"] == "walk" and rows["Platform"] == "linux/amd64", rows


def layers(walk):
    """each step has its layer, that one's size and the line of the Dockerfile behind it"""
    walk.window.tab("History and Layers")
    table = walk.window.view("History and layers")
    wait_until(lambda: any("/dev/urandom" in step for step in table.rows(1)) and any(table.rows(2)),
               f"the steps and their lines; there are {table.rows(1)}, {table.rows(2)}")
    steps = {table.cell(row, 1).name: [table.cell(row, column).name for column in range(6)]
             for row in range(table.row_count())}
    random = next(cells for step, cells in steps.items() if "/dev/urandom" in step)
    assert random[3].endswith("MiB") and "Dockerfile" in random[2], steps


def goes_to_the_line(walk):
    """from a layer to the line that made it, in the editor"""
    table = walk.window.view("History and layers")
    row = next(row for row, step in enumerate(table.rows(1)) if "echo two" in step)
    table.cell(row).click()
    walk.window.press("layerLineButton")
    editor = walk.window.find("editor")
    wait_until(lambda: "RUN echo two" in editor.text.splitlines()[editor.line() - 1], "the line of the layer")
    key("ctrl+w")
    walk.window.tab("team/app:2 — Image")


def shows_a_layers_changes(walk):
    """what one layer added and removed, marked in words"""
    walk.window.tab("History and Layers")
    table = walk.window.view("History and layers")
    row = next(row for row, step in enumerate(table.rows(1)) if "echo two" in step)
    table.cell(row).click()
    walk.window.press("layerChangesButton")
    changes = walk.window.view("Differences")
    wait_until(lambda: "/etc/two" in changes.rows(1), f"the paths; there are {changes.rows(1)}")
    told = dict(zip(changes.rows(1), changes.rows()))
    assert told["/etc/two"] == "added" and told["/etc/version"] == "removed", told
    key("ctrl+w")
    walk.window.gone(name="Differences")


def files(walk):
    """the files of the whole image are a tree that opens by the keyboard, with sizes, rights and owners"""
    walk.window.tab("Files")
    assert walk.window.find("imageFilesLayer").name == "Whole image"
    view = walk.window.view("Files of the image")
    row = view.row_of("etc")
    view.cell(row).click()
    key("Right")
    inner = view.row_of("two")
    cells = [view.cell(inner, column).name for column in range(5)]
    assert cells[2] == "4 bytes" and cells[3].startswith("-rw"), cells
    assert "version" not in view.rows(), "a file that was removed"


def saves_a_file(walk):
    """a file of the image is saved on this computer"""
    view = walk.window.view("Files of the image")
    view.select("two")
    walk.window.press("imageFileSaveButton")
    walk.picture("dialog")
    walk.window.accept_file(walk.home / "two")
    wait_until(lambda: (walk.home / "two").exists() and (walk.home / "two").read_text() == "two\n", "the file")


def opens_a_file(walk):
    """a file of the image is opened, read-only"""
    walk.window.view("Files of the image").select("two")
    walk.window.press("imageFileOpenButton")
    text = walk.window.find("filePlaceText")
    wait_until(lambda: text.text.strip() == "two", f"its text; it says {text.text!r}")
    key("ctrl+w")
    walk.window.gone("filePlaceText")


def searches_names(walk):
    """files are found by name"""
    walk.window.tab("Search")
    walk.window.find("searchPattern").type("tw")
    key("Return")
    found = walk.window.view("What was found")
    wait_until(lambda: any("/etc/two" in name for name in found.rows()), f"the file; there are {found.rows()}")


def searches_contents(walk):
    """files are found by what they hold"""
    walk.window.find("searchWhere").choose("Contents")
    walk.window.find("searchPattern").type("root:")
    key("Return")
    found = walk.window.view("What was found")
    wait_until(lambda: any("/etc/passwd" in name for name in found.rows()), f"the file; there are {found.rows()}")


def tells_waste(walk):
    """a file that a later layer removes is told with both layers and their lines"""
    walk.window.tab("Wasted Space")
    lost = walk.window.view("Files that cannot be seen in the image")
    row = lost.row_of("/etc/version")
    cells = [lost.cell(row, column).name for column in range(5)]
    assert "removed by" in cells[3] and cells[2] != cells[4] and "Dockerfile" in cells[4], cells


def compares(walk):
    """two selected images are compared, from the older to the newer one: files, configuration, sizes"""
    walk.window.view("Images").select("team/app:1", "team/app:2")
    walk.window.menu("Image", "Compare")
    changes = walk.window.view("Differences")
    wait_until(lambda: "/etc/two" in changes.rows(1), f"the paths; there are {changes.rows(1)}")
    told = dict(zip(changes.rows(1), changes.rows()))
    assert told["/etc/two"] == "added" and told["/etc/version"] == "removed", told
    walk.picture("files")
    walk.window.tab("Size")
    walk.picture("size")


def closes(walk):
    """Ctrl+W closes the tabs"""
    for _ in range(2):
        key("ctrl+w")
    walk.window.find("welcomePage")


STEPS = [opens, layers, goes_to_the_line, shows_a_layers_changes, files, saves_a_file, opens_a_file, searches_names,
         searches_contents, tells_waste, compares, closes]
