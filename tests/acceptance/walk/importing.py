"""Images come in: the form and what it foretells, then the queue."""

import json
import subprocess

from desktop import wait_until
from hands import key

COMPOSE = """services:
  web:
    image: nginx:1.27
  cache:
    image: "redis:7"
"""
DOCKERFILE = """FROM --platform=linux/amd64 golang:1.23 AS build
RUN go build
FROM build AS test
FROM alpine:3.20
"""


def open_form(walk, text=""):
    walk.window.menu("Image", "Import…")
    form = walk.window.find("importDialog")
    if text:
        walk.window.find("importReference").put(text)
    return form


def foretold(walk, rows):
    """The form's rows, once there are so many: image -> (tag, note)."""
    preview = walk.window.find(name="What will be imported")
    wait_until(lambda: preview.row_count() == rows, f"{rows} rows; there are {preview.rows()}")
    return {preview.cell(row, 0).name: (preview.cell(row, 1).name, preview.cell(row, 3).name)
            for row in range(rows)}


def close_form(walk):
    walk.picture("form")
    key("Escape")
    walk.window.gone("importDialog")


def transfer(walk, image, *states, seconds=60):
    """Waits for the newest transfer of the image to be in one of the states; its row."""
    view = walk.window.view("Imports, exports and pushes")

    def there():
        rows = [row for row in range(view.row_count()) if view.cell(row, 1).name == image]
        name = view.cell(rows[-1], 0).name if rows else ""
        return [rows[-1]] if any(f"{image}, {state}" in name for state in states) else None

    return wait_until(there, f"{image} to be {states}; there is {view.rows()}", seconds)[0]


def makes_images(walk):
    """what commands have made and pushed comes into the list by Refresh"""
    project = walk.home / "project"
    project.mkdir()
    for version, lines in [("1", ""), ("2", "RUN echo two > /etc/two && rm /etc/version\n")]:
        (project / "Dockerfile").write_text(
            "FROM busybox:latest\nENV KIND=walk\nRUN head -c 1500000 /dev/urandom > /blob && echo one > /etc/version\n"
            + lines)
        walk.command("build", project, "-t", f"team/app:{version}")
        walk.command("push", f"team/app:{version}", f"{walk.registry.host}/team/app:{version}")
    walk.window.press("imageRefreshButton")
    images = walk.window.view("Images")
    images.row_of("team/app:1")
    images.row_of("team/app:2")


def expands_braces(walk):
    """braces in the form become one row each"""
    open_form(walk, "ubuntu:{22.04,24.04}\nbusybox:latest")
    rows = foretold(walk, 3)
    assert rows["ubuntu:24.04"] == ("ubuntu:24.04", ""), rows
    assert walk.window.find("importStart").enabled
    assert not walk.window.find("importTag").enabled, "one tag for three images"


def understands_compose(walk):
    """a compose file that is pasted gives its images"""
    walk.window.find("importReference").put(COMPOSE)
    assert set(foretold(walk, 2)) == {"nginx:1.27", "redis:7"}


def understands_dockerfiles(walk):
    """a Dockerfile that is pasted gives its bases, not its own stages"""
    walk.window.find("importReference").put(DOCKERFILE)
    assert set(foretold(walk, 2)) == {"golang:1.23", "alpine:3.20"}


def tells_clashes(walk):
    """two registries that would give one tag are told before anything starts"""
    walk.window.find("importReference").put("ghcr.io/a/b:1\ndocker.io/a/b:1")
    rows = foretold(walk, 2)
    assert all("same tag" in note for _, note in rows.values()), rows
    assert "the last one imported keeps it" in walk.window.find("importHint").name


def tells_nonsense(walk):
    """what is no reference is marked with the reason and cannot be imported"""
    walk.window.find("importReference").put("Registry/Upper")
    rows = foretold(walk, 1)
    assert "lower case" in rows["Registry/Upper"][1], rows
    assert not walk.window.find("importStart").enabled


def checks_the_tag(walk):
    """a tag that breaks the rules is told while it is typed, and Import waits"""
    walk.window.find("importReference").put("busybox:latest")
    tag = walk.window.find("importTag")
    tag.type("Not A Tag")
    assert not walk.window.find("importStart").enabled
    assert walk.window.find("importHint").name
    tag.type("tools/busybox:1")
    wait_until(lambda: walk.window.find("importStart").enabled, "Import to be enabled")


def tells_what_it_replaces(walk):
    """a tag that is taken from another image is told"""
    walk.window.find("importTag").type("team/app:2")
    preview = walk.window.find(name="What will be imported")
    wait_until(lambda: "takes the tag from image" in preview.cell(0, 3).name, "the note about the tag")
    close_form(walk)


def tells_who_needs_an_account(walk):
    """the kept account is shown where there is one, and which registry wants one where there is none"""
    closed = f"localhost:{walk.registry.port}"
    open_form(walk, f"{walk.registry.host}/team/base:1\n{closed}/team/app:1")
    preview = walk.window.find(name="What will be imported")
    wait_until(lambda: preview.row_count() == 2 and preview.cell(1, 2).name == "needed", "a sign-in to be needed")
    wait_until(lambda: preview.cell(0, 2).name == "ann", f"the kept account; there is {preview.cell(0, 2).name!r}")
    assert closed in walk.window.find("importHint").name
    walk.picture("accounts")
    assert not walk.window.find("importUser").enabled, "one account for two registries"
    walk.window.find("importReference").put(f"{closed}/team/app:1")
    walk.window.find("importUser").type("ann")
    wait_until(lambda: closed not in walk.window.find("importHint").name, "the hint to go with a user name")
    close_form(walk)


def imports_for_a_platform(walk):
    """another platform can be chosen; an image that is not made for it says for which it is"""
    open_form(walk, f"{walk.registry.host}/team/base:1")
    platform = walk.window.find("importPlatformText")
    platform.type("s390x")
    assert not walk.window.find("importStart").enabled
    platform.type("linux/s390x")
    wait_until(lambda: walk.window.find("importStart").enabled, "Import to be enabled")
    walk.window.press("importStart")
    row = transfer(walk, f"{walk.registry.host}/team/base:1", "failed")
    said = walk.window.view("Imports, exports and pushes").cell(row, 2).name
    assert "no image for linux/s390x" in said, said


def imports_with_the_kept_account(walk):
    """a private image comes with the account of the keyring; the queue and the list show it"""
    open_form(walk, f"{walk.registry.host}/team/base:1")
    walk.window.press("importStart")
    walk.window.gone("importDialog")
    transfer(walk, f"{walk.registry.host}/team/base:1", "imported")
    walk.window.view("Images").row_of("team/base:1")


def slow_import(walk):
    open_form(walk, f"{walk.slow.host}/team/app:1")
    walk.window.find("importTag").type("slow/app:1")
    walk.window.find("importUser").type("ann")
    walk.window.find("importPassword").type(walk.password)


def shows_bytes_and_speed(walk):
    """with the form closed the queue goes on, with bytes of all and their speed"""
    slow_import(walk)
    walk.window.press("importStart")
    walk.window.gone("importDialog")
    row = transfer(walk, f"{walk.slow.host}/team/app:1", "importing")
    view = walk.window.view("Imports, exports and pushes")
    wait_until(lambda: " of " in view.cell(row, 2).name and "/s" in view.cell(row, 2).name,
               f"bytes and speed; it says {view.cell(row, 2).name!r}")


def cancels_one(walk):
    """Cancel stops the selected one; nothing of it comes into the list"""
    row = transfer(walk, f"{walk.slow.host}/team/app:1", "importing")
    walk.window.view("Imports, exports and pushes").cell(row).click()
    walk.window.press("transferCancelButton")
    transfer(walk, f"{walk.slow.host}/team/app:1", "cancelled")
    assert "slow/app:1" not in walk.tags()


def retries_it(walk):
    """Retry does it once more, with the account that was typed"""
    walk.slow.hurry()
    walk.window.press("transferRetryButton")
    transfer(walk, f"{walk.slow.host}/team/app:1", "imported")
    walk.window.view("Images").row_of("slow/app:1")


def names_the_fault(walk):
    """an image that the registry does not have fails in words that name the registry"""
    open_form(walk, f"{walk.registry.host}/team/missing:1")
    walk.window.press("importStart")
    row = transfer(walk, f"{walk.registry.host}/team/missing:1", "failed")
    said = walk.window.view("Imports, exports and pushes").cell(row, 2).name
    assert "no such image or tag" in said, said
    walk.window.message_says("imageMessage", "missing")


def asks_for_the_account(walk):
    """a refused import offers to sign in, and Escape leaves it at that"""
    open_form(walk, f"localhost:{walk.registry.port}/team/app:1")
    walk.window.press("importStart")
    transfer(walk, f"localhost:{walk.registry.port}/team/app:1", "failed")
    walk.window.press_message("imageMessage")
    assert walk.window.find("signInHost").text == f"localhost:{walk.registry.port}"
    walk.picture("sign-in")
    key("Escape")
    walk.window.gone("signInDialog")


def imports_an_archive(walk):
    """an archive that the file dialog gives comes in with its tag"""
    archive = walk.home / "busybox.tar"
    walk.command("export", "busybox:latest", "-o", archive)
    open_form(walk)
    walk.window.press("importChooseFile")
    walk.window.accept_file(archive)
    walk.window.find("importTag").type("from/archive:1")
    walk.window.press("importStart")
    transfer(walk, str(archive), "imported")
    walk.window.view("Images").row_of("from/archive:1")


def imports_a_rootfs(walk):
    """a tar of plain files becomes an image of one layer"""
    archive = walk.home / "rootfs.tar"
    (walk.home / "root-of-it").mkdir()
    (walk.home / "root-of-it/hello").write_text("hello\n")
    subprocess.run(["tar", "-C", walk.home / "root-of-it", "-cf", archive, "hello"], check=True)
    open_form(walk, str(archive))
    walk.window.find("importTag").type("from/rootfs:1")
    walk.window.press("importStart")
    transfer(walk, str(archive), "imported")
    assert "hello" in walk.command("ls", "from/rootfs:1", "/")


def clears_the_queue(walk):
    """Clear Finished empties the queue, which says so"""
    walk.window.press("transferClearButton")
    walk.window.find("transfersEmpty")


STEPS = [makes_images, expands_braces, understands_compose, understands_dockerfiles, tells_clashes, tells_nonsense,
         checks_the_tag, tells_what_it_replaces, tells_who_needs_an_account, imports_for_a_platform,
         imports_with_the_kept_account, shows_bytes_and_speed, cancels_one,
         retries_it, names_the_fault, asks_for_the_account, imports_an_archive, imports_a_rootfs, clears_the_queue]
