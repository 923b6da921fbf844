"""Engines side by side: added, tested, used, lost and found again, removed."""

from desktop import SecondEngine, wait_until
from signingin import open_page
from hands import key


def engines(walk):
    return walk.window.view("Engines")


def state(walk, name):
    view = engines(walk)
    return view.cell(view.row_of(name), 2).name


def fill(walk, **texts):
    walk.window.find("connectionDialog")
    for id, text in texts.items():
        walk.window.find(id).type(text)
    walk.window.press("connectionStart")


def finds_the_embedded_engine(walk):
    """the engine of this computer is there by itself, tested, in use"""
    open_page(walk, "Connections")
    wait_until(lambda: state(walk, "Embedded engine").startswith("Ready"), "the embedded engine to be ready")
    assert "in use" in engines(walk).rows()[0], engines(walk).rows()


def refuses_a_wrong_token(walk):
    """a connection is tested before it is saved: a wrong token is told"""
    walk.second = SecondEngine(walk.home / "second", walk.token)
    walk.window.press("connectionAddButton")
    fill(walk, connectionName="far", connectionUrl=walk.second.url, connectionToken="not the token")
    walk.window.message_says("connectionMessage", "token", "sign", "Sign")
    assert len(walk.keyring.items()) == 1, walk.keyring.items()


def saves_the_right_one(walk):
    """with the right token the connection is saved, the token in the keyring"""
    fill(walk, connectionToken=walk.token)
    walk.window.gone("connectionDialog")
    wait_until(lambda: state(walk, "far").startswith("Ready"), "the second engine to be ready")
    assert len(walk.keyring.items()) == 2, walk.keyring.items()


def uses_it(walk):
    """Use turns the window to the other engine: its images, no others"""
    engines(walk).select("far")
    walk.window.press("connectionUseButton")
    walk.window.message_says("connectionsMessage", "works with far")
    walk.picture("page")
    walk.escape("settingsWindow")
    images = walk.window.view("Images")
    wait_until(lambda: images.rows() == ["busybox:latest"], f"the other engine's images; there are {images.rows()}")


def loses_it(walk):
    """an engine that goes away is told in the status line, with Retry"""
    walk.second.process.stop()
    walk.window.press("imageRefreshButton")
    wait_until(lambda: "not reachable" in walk.window.find("engineState").name, "the state", 30)
    walk.window.find("engineRetry")


def finds_it_again(walk):
    """Retry works as soon as the engine is back"""
    walk.second.start()
    walk.window.find("engineRetry").press()
    wait_until(lambda: "ready" in walk.window.find("engineState").name, "the state", 30)
    walk.window.gone("engineRetry")
    assert not walk.window.message("imageMessage"), "the error is still there"


def goes_back(walk):
    """the menu in the status line leads back to the embedded engine"""
    walk.window.drop_down("engineState", "Down", "Return")
    wait_until(lambda: "Embedded engine: ready" in walk.window.find("engineState").name, "the embedded engine", 30)
    walk.window.view("Images").row_of("team/app:1")


def makes_it_the_default(walk):
    """another engine is made the default and the embedded one again; the command line follows"""
    open_page(walk, "Connections")
    engines(walk).select("far")
    walk.window.press("connectionDefaultButton")
    wait_until(lambda: any("far (default)" in row for row in engines(walk).rows()), "far to be the default")
    engines(walk).select("Embedded engine")
    walk.window.press("connectionDefaultButton")
    wait_until(lambda: any("Embedded engine (in use, default)" in row for row in engines(walk).rows()), "the default")


def removes_and_undoes(walk):
    """a connection goes with its token, and Undo brings both back"""
    engines(walk).select("far")
    walk.window.press("connectionRemoveButton")
    wait_until(lambda: len(walk.keyring.items()) == 1, "the token to go")
    walk.window.press_message("connectionsMessage")
    wait_until(lambda: len(walk.keyring.items()) == 2, "the token to be back")
    engines(walk).row_of("far")


def takes_over_from_contree(walk):
    """what the contree command has is offered, and taken over when asked"""
    folder = walk.home / "config/contree"
    folder.mkdir(parents=True)
    (folder / "auth.ini").write_text(f"[profile:borrowed]\nurl = {walk.second.url}\ntoken = {walk.token}\n")
    walk.escape("settingsWindow")
    open_page(walk, "Connections")
    walk.window.message_says("connectionsOffer", "borrowed")
    walk.picture("offer")
    walk.window.press_message("connectionsOffer")
    wait_until(lambda: state(walk, "borrowed").startswith("Ready"), "the connection to be ready")
    assert len(walk.keyring.items()) == 3, walk.keyring.items()
    (folder / "auth.ini").unlink()


def removes_them(walk):
    """connections are removed by the keyboard"""
    for name, left in [("borrowed", 2), ("far", 1)]:
        engines(walk).select(name)
        key("Delete")
        wait_until(lambda left=left: len(walk.keyring.items()) == left, f"{left} items in the keyring")
    walk.second.process.stop()
    walk.escape("settingsWindow")


STEPS = [finds_the_embedded_engine, refuses_a_wrong_token, saves_the_right_one, uses_it, loses_it, finds_it_again,
         goes_back, makes_it_the_default, removes_and_undoes, takes_over_from_contree, removes_them]
