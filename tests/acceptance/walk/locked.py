"""A keyring that is locked, and one that is not there."""

from desktop import wait_until
from importing import open_form, transfer
from signingin import accounts, fill_sign_in, open_page
from hands import key, popups


def tells_locked(walk):
    """a locked keyring is told on the page, with Unlock"""
    walk.keyring.lock()
    assert walk.keyring.is_locked()
    open_page(walk, "Registries")
    walk.window.message_says("keychainMessage", "locked")


def offers_this_run(walk):
    """while it is locked a new account is for this run only; nothing comes into the keyring"""
    before = walk.keyring.items()
    walk.window.press("registryAddButton")
    box = walk.window.find("signInForThisRun")
    wait_until(lambda: box.checked, "the box to be ticked")
    walk.picture("dialog")
    fill_sign_in(walk, "bob", walk.users["bob"], walk.slow.host)
    walk.window.gone("signInDialog")
    view = accounts(walk)
    assert view.cell(view.row_of(walk.slow.host), 3).name == "This run only"
    assert walk.keyring.items() == before


def unlocks(walk):
    """Unlock lets the system ask for the keyring's password; then the page is as usual"""
    walk.window.press_message("keychainMessage")
    walk.answer_prompt(walk.keyring.PASSWORD)
    wait_until(lambda: not walk.keyring.is_locked(), "the keyring to be unlocked", 30)
    wait_until(lambda: not walk.window.message("keychainMessage"), "the message to go")


def tells_absent(walk):
    """without a keyring the page says so and what to do"""
    walk.escape("settingsWindow")
    walk.keyring.stop()
    open_page(walk, "Registries")
    walk.window.message_says("keychainMessage", "no keychain")
    walk.picture("page")
    walk.escape("settingsWindow")


def works_for_this_run(walk):
    """the account of this run still opens the registry"""
    open_form(walk, f"{walk.slow.host}/team/app:2")
    walk.window.find("importTag").type("without/keyring:1")
    walk.window.press("importStart")
    transfer(walk, f"{walk.slow.host}/team/app:2", "imported")
    walk.window.view("Images").row_of("without/keyring:1")


STEPS = [tells_locked, offers_this_run, unlocks, tells_absent, works_for_this_run]
