"""A shell in an image, and what becomes of its changes."""

from desktop import wait_until
from hands import key


def opens(walk):
    """a console runs a shell in the image (what the terminal shows is on the picture alone)"""
    walk.window.view("Images").select("team/app:1")
    walk.window.menu("Image", "Open Console")
    walk.window.find("consoleDisplay")
    wait_until(lambda: walk.window.find("consoleState").name.startswith("Running"), "the shell")
    walk.window.find("consoleDisplay").click()
    walk.type("echo con-$((40+3)); echo kept > /console")
    key("Return")


def asks_at_the_end(walk):
    """the end of the shell offers to keep what it changed as an image"""
    walk.window.find("consoleDisplay").click()
    walk.type("exit")
    key("Return")
    walk.window.find("consoleKeep")
    walk.picture("ended")
    walk.window.press("consoleKeep")
    walk.window.find("tagDialog")
    walk.window.find("tagEdit").type("from/console:1")
    button = walk.window.find("tagAccept")
    wait_until(lambda: button.enabled, "Add Tag to be enabled")
    key("Return")
    walk.window.view("Images").row_of("from/console:1")
    assert "kept" in walk.command("cat", "from/console:1", "/console")


def runs_a_command(walk):
    """a single command runs as a tab and tells its exit code"""
    walk.window.view("Images").select("team/app:1")
    walk.window.menu("Image", "Run Command…")
    walk.window.find("commandDialog")
    walk.window.find("commandEdit").type("ls /etc; exit 4")
    walk.picture("dialog")
    key("Return")
    walk.window.gone("commandDialog")
    wait_until(lambda: any("Exit code 4" in node.name for node in walk.window.all("choiceText")), "the exit code")


def closes(walk):
    """both tabs close by Ctrl+W, without a question as nothing runs"""
    for _ in range(2):
        walk.window.menu("File", "Close")
    walk.window.find("welcomePage")


STEPS = [opens, asks_at_the_end, runs_a_command, closes]
