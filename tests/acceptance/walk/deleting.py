"""Images are deleted, after all not, and for good."""

from desktop import wait_until
from hands import key


def deletes_and_undoes(walk):
    """Delete takes the image out of the list at once, and Undo keeps it"""
    images = walk.window.view("Images")
    images.select("from/archive:1")
    key("Delete")
    walk.window.message_says("imageMessage", "Deleting the image")
    walk.picture("undo")
    walk.window.press_message("imageMessage")
    wait_until(lambda: not walk.window.message("imageMessage"), "the message to go")
    images.row_of("from/archive:1")
    assert "from/archive:1" in walk.tags()


def deletes_for_good(walk):
    """without Undo the image is gone after a while, with its tag"""
    images = walk.window.view("Images")
    images.select("from/archive:1")
    key("Delete")
    wait_until(lambda: "from/archive:1" not in walk.tags(), "the image to go", 40)
    wait_until(lambda: "from/archive:1" not in images.rows(), "its row to go")


def keeps_public_images(walk):
    """the engine's own image cannot be deleted, and the menu says so by being disabled"""
    walk.window.view("Images").select("busybox:latest")
    states = walk.window.menu_states("Image")
    assert not states["Delete Image"] and not states["Remove Tag"] and states["Push…"], states


STEPS = [deletes_and_undoes, deletes_for_good, keeps_public_images]
