"""The list of images: order, filters, groups, what rows say."""

from desktop import wait_until
from hands import key, popups

OWN = {"team/app:1", "team/app:2", "team/base:1", "slow/app:1", "from/archive:1", "from/rootfs:1"}


def images(walk):
    return walk.window.view("Images")


def shown(walk, wanted, what):
    """Waits for the list to show exactly these."""
    wait_until(lambda: set(images(walk).rows()) == set(wanted), f"{what}: {wanted}; there are {images(walk).rows()}")


def sorts_by_tag(walk):
    """a click on a column's head sorts by it, a second one the other way"""
    view = images(walk)
    view.sort("Tag")
    wait_until(lambda: view.rows() == sorted(view.rows()), f"tags in order; there are {view.rows()}")
    view.sort("Tag")
    wait_until(lambda: view.rows() == sorted(view.rows(), reverse=True), f"tags backwards; there are {view.rows()}")
    view.sort("Tag")


def tells_sizes(walk):
    """the row of an image says its size, what only it holds, when it was made and where from"""
    view = images(walk)
    row = view.row_of("team/app:2")
    cells = [view.cell(row, column).name for column in range(7)]
    assert cells[2].endswith("MiB") and cells[5] and cells[6].startswith("built from project/Dockerfile"), cells
    assert view.cell(view.row_of("team/base:1"), 6).name == f"import of {walk.registry.host}/team/base:1"


def filters_by_text(walk):
    """the filter leaves the images whose tag holds the text"""
    walk.window.find("imageFilter").type("app")
    shown(walk, {"team/app:1", "team/app:2", "slow/app:1"}, "the filter")


def explains_emptiness(walk):
    """a filter that lets nothing through says so"""
    walk.window.find("imageFilter").type("no-such-image")
    wait_until(lambda: "No image passes the filter" in walk.window.find("imagesEmpty").name, "the reason")
    walk.picture("nothing")
    walk.window.find("imageFilter").type("")
    images(walk).row_of("busybox:latest")


def shows_own_images(walk):
    """the menu of the filter leaves out public images, and brings them back"""
    walk.window.drop_down("imageFilterMenu", "o")
    shown(walk, OWN | {"(no tag)"}, "own images")
    walk.window.drop_down("imageFilterMenu", "p")
    shown(walk, {"busybox:latest"}, "public images")


def shows_untagged_images(walk):
    """images without a tag are shown when asked for"""
    walk.window.drop_down("imageFilterMenu", "u")
    wait_until(lambda: images(walk).rows() and set(images(walk).rows()) == {"(no tag)"}, "untagged images alone")
    walk.window.drop_down("imageFilterMenu", "t")
    shown(walk, OWN | {"busybox:latest"}, "tagged images")


def filters_by_time(walk):
    """only what was made lately is shown, with the time in the row"""
    walk.window.drop_down("imageFilterMenu", "s")
    shown(walk, OWN | {"busybox:latest"}, "images of the last hour")


def years_back(walk, id, count):
    walk.window.find(id).focus()
    key("Home", "ctrl+Right", "ctrl+Right")  # Day, month, year.
    for _ in range(count):
        key("Down")


def filters_by_dates(walk):
    """the dialog refuses dates in the wrong order; what was made between them is shown"""
    walk.window.drop_down("imageFilterMenu", "d")
    dialog = walk.window.find("dateRangeDialog")
    button = walk.window.find(name="Show Images", below=dialog)
    years_back(walk, "dateUntil", 1)
    wait_until(lambda: not button.enabled, "Show Images to be disabled")
    walk.picture("wrong-order")
    years_back(walk, "dateSince", 2)
    wait_until(lambda: button.enabled, "Show Images to be enabled")
    key("Return")
    walk.window.gone("dateRangeDialog")
    walk.window.find("imagesEmpty")
    walk.window.drop_down("imageFilterMenu", "n")
    shown(walk, OWN | {"busybox:latest"}, "images of any time")


def groups_by_repository(walk):
    """images are grouped by repository; a group opens by the keyboard"""
    walk.window.drop_down("imageFilterMenu", "r")
    view = images(walk)
    row = view.row_of("team/app (2)")
    view.cell(row).click()
    key("Right")
    view.row_of("team/app:1")
    walk.picture("repository")


def groups_by_registry(walk):
    """images are grouped by registry"""
    walk.window.drop_down("imageFilterMenu", "g")
    images(walk).row_of("Without a registry")


def groups_by_image(walk):
    """images are grouped by what they are: two tags of one image stand together"""
    walk.command("tag", "team/app:1", "same/one:1")
    walk.window.drop_down("imageFilterMenu", "i")
    view = images(walk)
    wait_until(lambda: any(name.endswith("(2)") or name.endswith("(3)") for name in view.rows()),
               f"a group of two tags; there are {view.rows()}")
    walk.window.drop_down("imageFilterMenu", "l")
    images(walk).row_of("same/one:1")


def copies_the_reference(walk):
    """Copy Reference puts the tag into the clipboard"""
    images(walk).select("team/app:2")
    walk.window.press("imageCopyButton")
    field = walk.window.find("imageFilter")
    field.focus()
    key("ctrl+v")
    wait_until(lambda: field.text == "team/app:2", f"the tag in the field; it holds {field.text!r}")
    field.type("")


def menu_by_keyboard(walk):
    """the menu key opens the menu of a row, and its access keys work"""
    images(walk).select("team/app:2")
    key("Menu")
    wait_until(popups, "the menu")
    walk.picture("menu")
    key("t")
    dialog = walk.window.find("tagDialog")
    assert "team/app:2" in dialog.name, dialog.name
    walk.escape("tagDialog")


STEPS = [sorts_by_tag, tells_sizes, filters_by_text, explains_emptiness, shows_own_images, shows_untagged_images,
         filters_by_time, filters_by_dates, groups_by_repository, groups_by_registry, groups_by_image,
         copies_the_reference, menu_by_keyboard]
