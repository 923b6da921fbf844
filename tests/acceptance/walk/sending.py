"""Images go out: into files, folders and registries."""

import json
import tarfile

from desktop import wait_until
from importing import transfer


def export(walk, form, target):
    walk.window.view("Images").select("team/app:1")
    walk.window.menu("Image", "Export…")
    walk.window.find("exportDialog")
    walk.window.find("exportForm").choose(form)
    walk.window.find("exportPlace").type(str(target))
    walk.picture("form")
    button = walk.window.find(name="Export", role="button", below=walk.window.find("exportDialog"))
    wait_until(lambda: button.enabled, "Export to be enabled")
    button.press()
    walk.window.gone("exportDialog")
    transfer(walk, "team/app:1", "exported")


def docker_archive(walk):
    """an archive for docker load holds the tag"""
    file = walk.home / "app.tar"
    export(walk, "Archive for docker load", file)
    with tarfile.open(file) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
    assert manifest[0]["RepoTags"] == ["team/app:1"], manifest


def layout(walk):
    """an OCI layout is written as a folder"""
    folder = walk.home / "layout"
    export(walk, "OCI layout, a folder", folder)
    assert (folder / "oci-layout").exists() and (folder / "index.json").exists()


def rootfs(walk):
    """the files alone are written as a compressed tar"""
    file = walk.home / "rootfs.tar.gz"
    export(walk, "Files of the image alone", file)
    with tarfile.open(file) as archive:
        assert any(name.removeprefix("./").strip("/") == "blob" for name in archive.getnames()), archive.getnames()[:9]


def refuses_a_full_folder(walk):
    """a folder that holds something is not written over; the dialog says why"""
    walk.window.menu("Image", "Export…")
    walk.window.find("exportDialog")
    walk.window.find("exportForm").choose("OCI layout, a folder")
    walk.window.find("exportPlace").type(str(walk.home / "layout"))
    wait_until(lambda: "something in that folder" in walk.window.find("exportHint").name, "the hint")
    assert not walk.window.find(name="Export", role="button", below=walk.window.find("exportDialog")).enabled
    walk.picture("refused")
    walk.escape("exportDialog")


def pushes(walk):
    """an image is pushed under another name, with the account of the keyring"""
    walk.window.view("Images").select("team/app:1")
    walk.window.menu("Image", "Push…")
    walk.window.find("pushDialog")
    walk.window.find("pushReference").type(f"{walk.registry.host}/sent/app:9")
    wait_until(lambda: "Goes to" in walk.window.find("pushHint").name, "the hint")
    walk.picture("form")
    walk.window.find(name="Push", role="button", below=walk.window.find("pushDialog")).press()
    wait_until(lambda: walk.registry.tags("sent/app") == ["9"], "the image in the registry", 60)


STEPS = [docker_archive, layout, rootfs, refuses_a_full_folder, pushes]
