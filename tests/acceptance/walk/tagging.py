"""Tags: added, moved, renamed, removed, several at once, and every change undone."""

import json

from desktop import wait_until
from hands import key


def images(walk):
    return walk.window.view("Images")


def holder(walk, tag):
    """The id of the image that has the tag, as the engine says; None without one."""
    return {image["tag"]: image["image"] for image in json.loads(walk.command("images", "--format", "json"))}.get(tag)


def holds(walk, tag, uuid):
    wait_until(lambda: holder(walk, tag) == uuid, f"{tag} to be at {uuid}; it is at {holder(walk, tag)}")


def undo(walk, *says):
    walk.window.message_says("imageMessage", *says)
    walk.picture("undo")
    walk.window.press_message("imageMessage")


def adds(walk):
    """a tag is added by the keyboard alone"""
    images(walk).select("team/app:2")
    walk.window.press("imageAddTagButton")
    walk.window.find("tagDialog")
    walk.window.find("tagEdit").type("team/app:stable")
    button = walk.window.find("tagAccept")
    wait_until(lambda: button.enabled, "Add Tag to be enabled")
    key("Return")
    walk.window.gone("tagDialog")
    images(walk).row_of("team/app:stable")
    holds(walk, "team/app:stable", holder(walk, "team/app:2"))


def undoes_adding(walk):
    """Undo takes the new tag away again"""
    undo(walk, "Added the tag team/app:stable")
    holds(walk, "team/app:stable", None)


def checks_while_typing(walk):
    """a tag against the rules is told while it is typed"""
    images(walk).select("team/app:2")
    walk.window.press("imageAddTagButton")
    walk.window.find("tagDialog")
    walk.window.find("tagEdit").type("wrong!tag")
    button = walk.window.find("tagAccept")
    wait_until(lambda: not button.enabled and walk.window.find("tagHint").name, "the hint")
    walk.picture("rule")


def foretells_moving(walk):
    """a tag that another image has will move here: the dialog says from where"""
    walk.window.find("tagEdit").type("team/app:1")
    wait_until(lambda: "it will move here" in walk.window.find("tagHint").name, "the hint")
    assert holder(walk, "team/app:1")[-8:] in walk.window.find("tagHint").name
    walk.picture("move")


def moves(walk):
    """the tag moves, and Undo moves it back"""
    before, after = holder(walk, "team/app:1"), holder(walk, "team/app:2")
    assert before != after
    key("Return")
    holds(walk, "team/app:1", after)
    undo(walk, "Moved the tag team/app:1")
    holds(walk, "team/app:1", before)


def renames(walk):
    """F2 renames a tag, and Undo gives the old name back"""
    uuid = holder(walk, "same/one:1")
    images(walk).select("same/one:1")
    key("F2")
    walk.window.find("tagDialog")
    walk.window.find("tagEdit").type("same/two:1")
    walk.picture("rename")
    button = walk.window.find("tagAccept")
    wait_until(lambda: button.enabled, "Rename Tag to be enabled")
    key("Return")
    holds(walk, "same/two:1", uuid)
    holds(walk, "same/one:1", None)
    undo(walk, "tags changed", "Renamed")
    holds(walk, "same/one:1", uuid)
    holds(walk, "same/two:1", None)


def removes_several(walk):
    """several tags are removed at once; the images stay; Undo brings all tags back"""
    first, second = holder(walk, "same/one:1"), holder(walk, "from/rootfs:1")
    images(walk).select("same/one:1", "from/rootfs:1")
    walk.window.press("imageRemoveTagButton")
    holds(walk, "same/one:1", None)
    holds(walk, "from/rootfs:1", None)
    everything = json.loads(walk.command("images", "--all", "--format", "json"))
    assert {first, second} <= {image["image"] for image in everything}, "an image went with its tag"
    undo(walk, "2 tags")
    holds(walk, "same/one:1", first)
    holds(walk, "from/rootfs:1", second)


def adds_several(walk):
    """two images get two tags each at once, by the parts of their own; one Undo takes all four back"""
    images(walk).select("team/app:1", "team/app:2")
    walk.window.press("imageAddTagButton")
    walk.window.find("tagDialog")
    walk.window.find("tagEdit").type("many/{name}:{version} more:{version}")
    preview = walk.window.view("What becomes of each tag")
    wait_until(lambda: preview.row_count() == 4, f"four tags; there are {preview.rows()}")
    walk.picture("plan")
    button = walk.window.find("tagAccept")
    wait_until(lambda: button.enabled, "Add Tag to be enabled")
    key("Return")
    holds(walk, "more:2", holder(walk, "team/app:2"))
    undo(walk, "4 tags")
    holds(walk, "more:1", None)
    holds(walk, "more:2", None)


def tells_the_history(walk):
    """the history of a tag tells where it pointed; Move Back points it there again, and Undo returns"""
    first, second = holder(walk, "team/app:1"), holder(walk, "team/app:2")
    walk.command("tag", "team/app:2", "same/one:1")
    walk.window.press("imageRefreshButton")
    images(walk).select("same/one:1")
    walk.window.menu("Image", "Tag History…")
    walk.window.find("tagHistoryDialog")
    rows = walk.window.view("Where the tag pointed, the latest first")
    wait_until(lambda: rows.row_count() >= 2, f"two places; there are {rows.rows()}")
    assert second[-8:] in rows.cell(0).name and first[-8:] in rows.cell(1).name, rows.rows()
    rows.cell(1).click()
    walk.window.press("tagHistoryMoveBack")
    holds(walk, "same/one:1", first)
    walk.picture("moved")
    walk.window.press_message("tagHistoryMessage")
    holds(walk, "same/one:1", second)
    walk.escape("tagHistoryDialog")


def tells_hidden_public_images(walk):
    """a tag that hides a public one is marked so on both rows, and Undo unmarks them"""
    images(walk).select("from/rootfs:1")
    walk.window.press("imageAddTagButton")
    walk.window.find("tagEdit").type("busybox:latest")
    button = walk.window.find("tagAccept")
    wait_until(lambda: button.enabled, "Add Tag to be enabled")
    key("Return")
    images(walk).row_of("busybox:latest (hides public)")
    images(walk).row_of("busybox:latest (hidden)")
    undo(walk, "Added the tag busybox:latest")
    wait_until(lambda: "busybox:latest" in images(walk).rows(), "the public image without a mark")


STEPS = [adds, undoes_adding, checks_while_typing, foretells_moving, moves, renames, removes_several, adds_several,
         tells_the_history, tells_hidden_public_images]
