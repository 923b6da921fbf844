"""Accounts at registries: asked for when one is missing, checked, kept in the keyring, managed on their page."""

import base64
import json

from desktop import wait_until
from hands import key


def push_without_an_account(walk):
    """a push without an account is refused and offers to sign in"""
    walk.window.view("Images").select("busybox:latest")
    walk.window.menu("Image", "Push…")
    walk.window.find("pushReference").type(f"{walk.registry.host}/team/base:1")
    walk.window.find(name="Push", role="button").press()
    walk.window.message_says("imageMessage", walk.registry.host)
    assert walk.registry.tags("team/base") == []


def fill_sign_in(walk, user, password, host=None):
    window = walk.window
    window.find("signInDialog")
    if host:
        window.find("signInHost").type(host)
    if user:
        window.find("signInUser").type(user)
    window.find("signInPassword").type(password)
    window.press("signInStart")


def wrong_password(walk):
    """a wrong password is told apart, and the dialog stays"""
    walk.window.press_message("imageMessage")
    assert walk.window.find("signInHost").text == walk.registry.host
    fill_sign_in(walk, "ann", "not the password")
    walk.window.message_says("signInMessage", "does not accept")


def right_password(walk):
    """the right password goes into the keyring, and the push goes on by itself"""
    fill_sign_in(walk, None, walk.password)
    walk.window.gone("signInDialog")
    wait_until(lambda: walk.registry.tags("team/base") == ["1"], "the image in the registry", 60)
    assert len(walk.keyring.items()) == 1, walk.keyring.items()


def no_such_host(walk):
    """a host that does not exist and one that is no registry are told apart"""
    open_page(walk, "Registries")
    for host, words in [("no-such-host.invalid", ("no host", "No connection", "proxy")),
                        ("127.0.0.1:1", ("refuses",))]:
        walk.window.press("registryAddButton")
        fill_sign_in(walk, "ann", "x", host)
        walk.window.message_says("signInMessage", *words)
        key("Escape")
        walk.window.gone("signInDialog")


def open_page(walk, title):
    if not walk.window.shows("settingsWindow"):
        key("ctrl+comma")
    page = walk.window.find("settingsWindow")
    pages = walk.window.find(name="Pages of the settings", below=page)
    pages.select(title)


def accounts(walk):
    return walk.window.view("Saved registry accounts")


def lists_the_account(walk):
    """the page lists the account and where it is kept"""
    view = accounts(walk)
    view.select(walk.registry.host)
    row = [view.cell(0, column).name for column in range(5)]
    assert row[1] == "ann" and row[2].startswith("Accepted") and row[3] == "Keychain", row


def tests_the_account(walk):
    """Test asks the registry again"""
    walk.window.press("registryTestButton")
    walk.window.message_says("registriesMessage", "accepts ann")


def replaces_the_password(walk):
    """Replace takes a password only if the registry does"""
    walk.window.press("registryReplaceButton")
    fill_sign_in(walk, None, "still not it")
    walk.window.message_says("signInMessage", "does not accept")
    fill_sign_in(walk, None, walk.password)
    walk.window.gone("signInDialog")
    assert len(walk.keyring.items()) == 1, walk.keyring.items()


def removes_and_undoes(walk):
    """Remove takes it out of the keyring, Undo puts it back"""
    accounts(walk).select(walk.registry.host)
    walk.window.press("registryRemoveButton")
    wait_until(lambda: not walk.keyring.items(), "an empty keyring")
    walk.window.press_message("registriesMessage")
    wait_until(lambda: len(walk.keyring.items()) == 1, "the account in the keyring")


def takes_over_from_docker(walk):
    """an account from ~/.docker/config.json is taken over when asked"""
    folder = walk.home / ".docker"
    folder.mkdir(exist_ok=True)
    auth = base64.b64encode(f"bob:{walk.users['bob']}".encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {walk.registry.host: {"auth": auth}}}))
    walk.window.press("registryImportButton")
    walk.window.find("dockerImportDialog")
    walk.window.find(name="Sign-ins found").row_of(f"bob at {walk.registry.host}")
    walk.window.press("dockerImportStart")
    wait_until(lambda: len(walk.keyring.items()) == 2, "two accounts in the keyring")


def leaves_one_account(walk):
    """the second account is removed by the keyboard"""
    view = accounts(walk)
    view.row_of(walk.registry.host)
    row = [view.cell(row, 1).name for row in range(view.row_count())].index("bob")
    view.cell(row).click()
    key("Delete")
    wait_until(lambda: len(walk.keyring.items()) == 1, "one account in the keyring")
    (walk.home / ".docker/config.json").unlink()
    key("Escape")
    walk.window.gone("settingsWindow")


STEPS = [push_without_an_account, wrong_password, right_password, no_such_host, lists_the_account, tests_the_account,
         replaces_the_password, removes_and_undoes, takes_over_from_docker, leaves_one_account]
