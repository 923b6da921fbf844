"""What takes space, and what goes."""

from desktop import wait_until
from hands import key


def tells_uses(walk):
    """the page tells what takes how much space"""
    walk.window.menu("Image", "Storage")
    uses = walk.window.view("What takes space")
    wait_until(lambda: uses.row_count() >= 5, f"the uses; there are {uses.rows()}")
    assert any(row.startswith("Images with a tag") for row in uses.rows()), uses.rows()
    walk.window.find("storageChooseImages")


def lists_what_goes(walk):
    """images without a tag are listed with ticks, and the total before anything goes"""
    box = walk.window.find("storageChooseImages")
    if not box.checked:
        box.click()
    walk.window.find("storageAge").choose("of any age")
    listed = walk.window.view("Images without a tag, ticked if they go")
    wait_until(lambda: listed.row_count() > 0, "images without a tag")
    walk.window.press("storageAll")
    wait_until(lambda: walk.window.find("storageTotal").name.startswith("Frees"), "the total")
    assert "images: 0" not in walk.window.find("storageTotal").name, walk.window.find("storageTotal").name


def frees(walk):
    """Free deletes what is ticked, and says what came back; images with a tag stay"""
    tags = walk.tags()
    walk.window.press("storageFree")
    walk.window.message_says("storageMessage", "Freed")
    assert sorted(walk.tags()) == sorted(tags)
    walk.window.find("storageEmpty")
    key("ctrl+w")
    walk.window.gone("storagePlace")


STEPS = [tells_uses, lists_what_goes, frees]
