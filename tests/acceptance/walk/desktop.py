"""What surrounds the window: a display, a session bus, a keyring, registries, a second engine."""

import json
import os
import pathlib
import secrets
import select
import socket
import subprocess
import threading
import time

import gi
from gi.repository import Gio, GLib

SERVICES = pathlib.Path("/usr/share/dbus-1/services")
PROMPTERS = ["org.a11y.Bus", "org.gnome.keyring.SystemPrompter", "org.gnome.keyring.PrivatePrompter"]


def wait_until(condition, what, seconds=15):
    """What `condition` gives, as soon as it is something."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.1)


def environment(home):
    """A private home; the keys are those that the program, the engine and Qt look at."""
    folders = {"XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache",
               "XDG_STATE_HOME": "state", "XDG_RUNTIME_DIR": "run"}
    for name in folders.values():
        (home / name).mkdir(mode=0o700)
    return {"HOME": str(home), "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "G_MESSAGES_DEBUG": "", **{key: str(home / name) for key, name in folders.items()}}


def bus_configuration(home):
    """A session bus that starts the accessibility bus and the keyring's dialog, but no keyring by itself."""
    services = home / "services"
    services.mkdir()
    for name in PROMPTERS:
        source = SERVICES / f"{name}.service"
        if source.exists():
            (services / source.name).write_text(source.read_text())
    file = home / "bus.conf"
    file.write_text(f"""<busconfig><type>session</type><listen>unix:dir={home}/run</listen>
<servicedir>{services}</servicedir><policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>""")
    return file


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A child that ends with its `with`."""

    def __init__(self, arguments, **more):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.child = subprocess.Popen(arguments, **{**quiet, **more})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.child.terminate()
        try:
            self.child.wait(15)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


class Display:
    """Xvfb on a free number, with a window manager."""

    def __init__(self, size):
        read, write = os.pipe()
        self.server = Process(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
                              pass_fds=[write])
        os.close(write)
        if not select.select([read], [], [], 30)[0]:
            raise RuntimeError("Xvfb does not start")
        with os.fdopen(read) as answer:  # To its end: the server writes the number and the line's end in turn.
            self.name = ":" + answer.readline().strip()
        self.manager = Process(["openbox", "--sm-disable"], env={**os.environ, "DISPLAY": self.name})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.manager.stop()
        self.server.stop()


class Keyring:
    """gnome-keyring with the login keyring, on the session bus."""

    NAME, PATH = "org.freedesktop.secrets", "/org/freedesktop/secrets"
    LOGIN = PATH + "/collection/login"
    PASSWORD = "the keyring's own"

    def __init__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.process = Process(["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
                               stdin=subprocess.PIPE)
        self.process.child.stdin.write(self.PASSWORD.encode())
        self.process.child.stdin.close()
        wait_until(self.is_there, "the keyring")

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None

    def is_there(self):
        return self.bus.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner",
                                  GLib.Variant("(s)", (self.NAME,)), None, 0, -1).unpack()[0]

    def _call(self, interface, method, arguments):
        return self.bus.call_sync(self.NAME, self.PATH, interface, method, arguments, None, 0, -1).unpack()

    def lock(self):
        self._call("org.freedesktop.Secret.Service", "Lock", GLib.Variant("(ao)", ([self.LOGIN],)))

    def is_locked(self):
        return self.bus.call_sync(self.NAME, self.LOGIN, "org.freedesktop.DBus.Properties", "Get",
                                  GLib.Variant("(ss)", ("org.freedesktop.Secret.Collection", "Locked")), None, 0,
                                  -1).unpack()[0]

    def items(self):
        """The labels of what is kept."""
        paths = self.bus.call_sync(self.NAME, self.LOGIN, "org.freedesktop.DBus.Properties", "Get",
                                   GLib.Variant("(ss)", ("org.freedesktop.Secret.Collection", "Items")), None, 0,
                                   -1).unpack()[0]
        labels = []
        for path in paths:
            try:
                labels += self.bus.call_sync(self.NAME, path, "org.freedesktop.DBus.Properties", "Get",
                                             GLib.Variant("(ss)", ("org.freedesktop.Secret.Item", "Label")), None, 0,
                                             -1).unpack()
            except GLib.Error:  # It was removed meanwhile.
                continue
        return labels


class Registry:
    """docker-registry behind htpasswd, on loopback. `users`: name -> password."""

    def __init__(self, folder, users):
        folder.mkdir()
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        lines = [subprocess.run(["htpasswd", "-niB", name], input=password + "\n", capture_output=True, text=True,
                                check=True).stdout.strip() for name, password in users.items()]
        (folder / "htpasswd").write_text("\n".join(lines) + "\n")
        configuration = {"version": 0.1, "log": {"level": "error"},
                         "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
                         "http": {"addr": self.host},
                         "auth": {"htpasswd": {"realm": "walk", "path": str(folder / "htpasswd")}}}
        (folder / "config.yml").write_text(json.dumps(configuration))
        self.data = folder / "data" / "docker/registry/v2/repositories"
        self.process = Process(["docker-registry", "serve", str(folder / "config.yml")])
        wait_until(lambda: accepts(self.port), "the registry")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stop()

    def tags(self, repository):
        folder = self.data / repository / "_manifests/tags"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


class SlowLine:
    """A port that leads to another one, so slowly that one can watch; `hurry` takes the brake away."""

    def __init__(self, port, bytes_per_second):
        self.target = port
        self.rate = bytes_per_second
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def hurry(self):
        self.rate = None

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._copy, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._copy, args=(server, client, True), daemon=True).start()

    def _copy(self, source, target, braked):
        try:
            while piece := source.recv(16384):
                target.sendall(piece)
                if braked and self.rate:
                    time.sleep(len(piece) / self.rate)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class SecondEngine:
    """An engine with a store of its own behind a TCP port and a token."""

    def __init__(self, folder, token):
        folder.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token_file = folder / "token"
        self.token_file.write_text(token)
        self.token_file.chmod(0o600)
        self.folders = {"XDG_DATA_HOME": "data", "XDG_RUNTIME_DIR": "run", "XDG_STATE_HOME": "state",
                        "XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache"}
        for name in self.folders.values():
            (folder / name).mkdir(mode=0o700)
        self.environment = {**os.environ, **{key: str(folder / name) for key, name in self.folders.items()}}
        self.database = folder / "data/cooperage/store"
        self.process = None
        self.start()

    def start(self):
        self.process = Process(["cooperage", "engine", "serve", "--listen", f"127.0.0.1:{self.port}", "--token-file",
                                str(self.token_file)], env=self.environment)
        wait_until(lambda: accepts(self.port), "the second engine")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stop()
        subprocess.run(["cooperage", "engine", "stop"], env=self.environment, capture_output=True, check=False)


def new_secret():
    """Nothing else holds this text."""
    return "canary-" + secrets.token_hex(8)
