"""Looks for passwords and tokens where they must not be: in files, in arguments and environments, in what is said."""

import base64
import os
import pathlib
import threading
import time

# Where a secret is on purpose: what the walk itself wrote for the registry, the second engine and Docker.
ON_PURPOSE = ["registry/htpasswd", "second/token"]


class Canary:
    def __init__(self, secrets, users):
        self.forms = set()
        for secret in secrets:
            raw = secret.encode()
            self.forms |= {raw, secret.encode("utf-16-le"), base64.b64encode(raw), raw.hex().encode()}
            self.forms |= {base64.b64encode(f"{user}:{secret}".encode()) for user in users}
        self.seen, self.rounds, self.ended = set(), 0, False

    def __enter__(self):
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended = True

    def holds(self, content):
        return any(form in content for form in self.forms)

    def _watch(self):
        while not self.ended:
            for process in filter(str.isdigit, os.listdir("/proc")):
                for file in (f"/proc/{process}/cmdline", f"/proc/{process}/environ"):
                    try:
                        if self.holds(pathlib.Path(file).read_bytes()):
                            self.seen.add(file)
                    except OSError:
                        pass
            self.rounds += 1
            time.sleep(0.05)

    def found(self, home, said):
        """Everything wrong, as a list of places."""
        self.ended = True
        self.thread.join()
        places = sorted(self.seen)
        planted = home / "planted"  # That it can find anything at all.
        planted.write_bytes(b"x" + sorted(self.forms)[0])
        for file in home.rglob("*"):
            if file.is_file() and not file.is_symlink() and str(file.relative_to(home)) not in ON_PURPOSE:
                if self.holds(file.read_bytes()):
                    places.append(str(file))
        assert str(planted) in places, "the canary finds nothing"
        places.remove(str(planted))
        return places + [f"said: {text[:80]}" for text in said if self.holds(text.encode())]
