"""What a restart brings back, and colours that change at once."""

import subprocess

from desktop import wait_until
from hands import key


def brightness():
    """Of the whole screen, 0 to 1."""
    done = subprocess.run("import -window root png:- | convert png:- -colorspace gray -format '%[fx:mean]' info:",
                          shell=True, capture_output=True, text=True, check=True)
    return float(done.stdout)


def quits_with_changes(walk):
    """to quit with changes that are not saved asks once and names the file; Cancel stays"""
    editor = walk.window.find("editor")
    editor.click()
    key("ctrl+End")
    walk.type("# later")
    key("ctrl+q")
    question = walk.window.find(name="Unsaved Changes")
    assert any("Dockerfile — private" in node.name for node in question.walk()), walk.window.tree()
    walk.picture("question")
    key("Escape")
    walk.window.gone(name="Unsaved Changes")
    for _ in range(9):
        if "#" not in editor.text:
            break
        key("ctrl+z")
    assert walk.program.poll() is None


def changes_the_theme(walk):
    """the colours change at once, without a restart, and back"""
    other, dark = ("Light", False) if walk.theme == "dark" else ("Dark", True)
    walk.window.menu("View", "Theme", other)
    wait_until(lambda: (brightness() < 0.4) == dark, "the other colours")
    walk.picture(other)
    walk.window.menu("View", "Theme", "Dark" if walk.theme == "dark" else "Light")
    wait_until(lambda: (brightness() < 0.4) != dark, "the colours of before")


def starts_again(walk):
    """after a restart the groups, the order, the open file and the pane in front are those of before"""
    walk.window.drop_down("imageFilterMenu", "r")
    walk.window.view("Images").row_of("team/app (")
    walk.window.tab("Operations")
    key("ctrl+q")
    wait_until(lambda: walk.program.poll() is not None, "the program to end")
    assert walk.program.returncode == 0, walk.program.returncode
    walk.start_window()
    walk.window.view("Images").row_of("team/app (")
    wait_until(lambda: "FROM" in walk.window.find("editor").text, "the open file")
    walk.window.view("Operations")
    walk.window.drop_down("imageFilterMenu", "l")
    walk.window.view("Images").row_of("team/app:1")


STEPS = [quits_with_changes, changes_the_theme, starts_again]
