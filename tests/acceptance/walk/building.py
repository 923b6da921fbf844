"""A build that needs an account, and images as bases."""

import json

from desktop import wait_until
from signingin import fill_sign_in
from hands import key


def editor(walk):
    return walk.window.find("editor")


def asks_for_the_account(walk):
    """a private base image that is refused offers to sign in"""
    folder = walk.home / "private"
    folder.mkdir()
    walk.other_host = f"localhost:{walk.registry.port}"
    (folder / "Dockerfile").write_text(f"FROM {walk.other_host}/team/app:2\nRUN cat /etc/two > /three\n")
    key("ctrl+o")
    walk.window.accept_file(folder / "Dockerfile")
    walk.window.find("buildTag").type("private/app:1")
    key("ctrl+b")
    walk.window.message_says("buildSignIn", "wants a sign-in")
    walk.picture("refused")
    walk.window.press_message("buildSignIn")
    assert walk.window.find("signInHost").text == walk.other_host


def builds_after_it(walk):
    """with the account the build goes on, and its image is in the list"""
    fill_sign_in(walk, "ann", walk.password)
    walk.window.gone("signInDialog")
    walk.window.message_says("buildSignIn", "Signed in")
    walk.window.view("Images").row_of("private/app:1")
    assert "two" in walk.command("cat", "private/app:1", "/three")


def uses_an_image_as_base(walk):
    """an image of the list becomes the base of the open Dockerfile"""
    walk.window.view("Images").select("team/app:1")
    walk.window.menu("Image", "Use as Base")
    wait_until(lambda: "FROM team/app:1\n" in editor(walk).text, f"the base; the text is {editor(walk).text!r}")
    editor(walk).click()
    key("ctrl+z")
    wait_until(lambda: walk.other_host in editor(walk).text, "the base of before")


def shows_its_history(walk):
    """the build is in the history, each step an entry"""
    key("ctrl+shift+h")
    walk.window.find("historyFilter").choose("Builds")
    graph = walk.window.view("History of the session")
    wait_until(lambda: any("cat /etc/two" in name and "build step" in name for name in graph.rows()),
               f"the steps; there are {graph.rows()}")
    walk.window.find("historyFilter").choose("All")


STEPS = [asks_for_the_account, builds_after_it, uses_an_image_as_base, shows_its_history]
