"""The window comes up."""

from desktop import wait_until
from hands import key


def engine_is_ready(walk):
    """the window starts and says that its engine is ready"""
    walk.start_window()
    wait_until(lambda: "ready" in walk.window.find("engineState").name, "the engine to be ready", 60)


def lists_the_first_image(walk):
    """the list shows the image that every engine has"""
    walk.window.view("Images").row_of("busybox:latest")


def without_a_selection(walk):
    """what needs an image is disabled until one is selected"""
    states = walk.window.menu_states("Image")
    assert states["Import…"] and not states["Push…"] and not states["Delete Image"], states


def about(walk):
    """About tells the versions, and Escape closes it"""
    walk.window.menu("Help", "About Cooperage")
    dialog = walk.window.find(role="dialog")
    assert any("Qt" in node.text for node in dialog.walk()), "no version of Qt"
    key("Escape")
    walk.window.gone(role="dialog")


STEPS = [engine_is_ready, lists_the_first_image, without_a_selection, about]
