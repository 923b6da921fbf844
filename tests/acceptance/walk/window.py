"""The window as a screen reader sees it: widgets by object name, name and role."""

import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

from desktop import wait_until  # noqa: E402
from hands import key, popups, type_text, xdotool  # noqa: E402

VIEWS = {"tree", "table", "list", "tree table"}


class Node:
    """One object of the accessibility tree."""

    def __init__(self, object_):
        self.object = object_

    def _ask(self, question, otherwise):
        if self.object is None:  # A cell of a row that has just gone.
            return otherwise
        try:
            return question()
        except GLib.Error:  # It went away.
            return otherwise

    @property
    def id(self):
        """The object name, or the class where there is none."""
        return self._ask(lambda: self.object.get_accessible_id() or "", "").rsplit(".", 1)[-1]

    @property
    def name(self):
        return self._ask(lambda: self.object.get_name() or "", "")

    @property
    def role(self):
        return self._ask(lambda: self.object.get_role_name(), "")

    def has(self, state):
        return self._ask(lambda: self.object.get_state_set().contains(getattr(Atspi.StateType, state)), False)

    @property
    def enabled(self):
        return self.has("ENABLED")

    @property
    def checked(self):
        return self.has("CHECKED")

    @property
    def text(self):
        """What a field or a log holds."""
        interface = self._ask(lambda: self.object.get_text_iface(), None)
        return self._ask(lambda: Atspi.Text.get_text(interface, 0, -1), "") if interface else self.name

    def line(self):
        """Where the caret of a text stands, counted from 1."""
        interface = self.object.get_text_iface()
        return self.text[:Atspi.Text.get_caret_offset(interface)].count("\n") + 1

    def children(self):
        count = self._ask(lambda: self.object.get_child_count(), 0)
        found = (self._ask(lambda i=i: self.object.get_child_at_index(i), None) for i in range(count))
        return [Node(child) for child in found if child]

    def walk(self):
        """This and what shows below it; not the cells of lists."""
        if self.has("SHOWING") or self.role == "application":
            yield self
            if self.role not in VIEWS:
                for child in self.children():
                    yield from child.walk()

    def box(self):
        component = self._ask(lambda: self.object.get_component_iface(), None)
        return self._ask(lambda: component.get_extents(Atspi.CoordType.SCREEN), None) if component else None

    def centre(self):
        box = self.box()  # Of a cell its beginning: the rest may be scrolled out of sight.
        return box.x + min(box.width // 2, 30 if self.role == "table cell" else box.width), box.y + box.height // 2

    def reveal(self):
        """Scrolls a cell into sight, by the wheel: that leaves the selection as it is."""
        view = Node(self.object.get_parent())
        outer = view.box()
        heads = [node.box().height for node in view.children()[:1] if node.role == "table column header"]
        top, bottom = outer.y + sum(heads), outer.y + outer.height - 16  # A bar to scroll sideways.
        for _ in range(100):
            box = self.box()
            if top <= box.y and box.y + box.height <= bottom:
                return
            # Where there is no bar the last row may stand in its place.
            before = box.y
            xdotool("mousemove", *view.centre(), "click", 4 if box.y < top else 5)
            time.sleep(0.05)
            if self.box().y == before and before + box.height <= outer.y + outer.height:
                return
        raise AssertionError(f"{self.name} does not come into sight")

    def click(self, button=1, times=1):
        if self.role == "table cell":
            self.reveal()
        xdotool("mousemove", *self.centre(), "click", "--repeat", times, "--delay", 60, button)

    def press(self):
        """By the accessibility interface, as a screen reader presses."""
        actions = self.object.get_action_iface()
        names = [Atspi.Action.get_action_name(actions, i).lower() for i in range(Atspi.Action.get_n_actions(actions))]
        wanted = next((name for name in ("press", "toggle", "showmenu") if name in names), None)
        assert wanted, f"{self.id or self.name} offers {names}"
        Atspi.Action.do_action(actions, names.index(wanted))

    def focus(self):
        self.object.get_component_iface().grab_focus()
        wait_until(lambda: self.has("FOCUSED"), f"the focus on {self.id}")

    def type(self, text):
        """In place of what the field holds."""
        self.focus()
        key("ctrl+a")
        if text:
            type_text(text)
        else:
            key("Delete")

    def put(self, text):
        """As a paste: several lines at once."""
        Atspi.EditableText.set_text_contents(self.object.get_editable_text_iface(), text)

    def choose(self, entry):
        """One of a combination box's entries, by the keyboard. Its name is what it shows."""
        entries = [node.name for child in self.children() if child.role == "list" for node in child.children()]
        self.click()
        wait_until(popups, f"the entries of {self.id}")
        key("Home", *["Down"] * entries.index(entry), "Return")
        wait_until(lambda: self.name == entry, f"{entry}; it shows {self.name}")

    # Lists -----------------------------------------------------------------------------------------------------

    def table(self):
        return self.object.get_table_iface()

    def row_count(self):
        return self._ask(lambda: Atspi.Table.get_n_rows(self.table()), 0)

    def cell(self, row, column=0):
        return Node(Atspi.Table.get_accessible_at(self.table(), row, column))

    def rows(self, column=0, most=200):
        return [self.cell(row, column).name for row in range(min(self.row_count(), most))]

    def row_of(self, text, column=0):
        """The first row whose cell begins with the text; waits for it."""
        return wait_until(lambda: [i for i, name in enumerate(self.rows(column)) if name.startswith(text)],
                          f"a row {text!r} in {self.name}; there are {self.rows(column)}")[0]

    def sort(self, column):
        """Clicks the head of a column."""
        heads = [node for node in self.children() if node.role == "table column header" and node.name == column]
        time.sleep(0.5)  # Else two of them are a double click.
        heads[0].click()

    def select(self, *texts, column=0):
        """Clicks rows, the later ones with Control."""
        for number, text in enumerate(texts):
            cell = self.cell(self.row_of(text, column), column)
            if number:
                xdotool("keydown", "ctrl")
            cell.click()
            if number:
                xdotool("keyup", "ctrl")
            wait_until(lambda cell=cell: cell.has("SELECTED"), f"{text} being selected")


class Window:
    """The program's windows."""

    def __init__(self, process):
        self.process = process
        Atspi.init()
        self.desktop = Atspi.get_desktop(0)
        self.desktop.set_cache_mask(Atspi.Cache.NONE)
        self.root = wait_until(self._application, "the program in the accessibility tree")

    def _application(self):
        for index in range(self.desktop.get_child_count()):
            child = self.desktop.get_child_at_index(index)
            if child and child.get_name() == "cooperage" and child.get_process_id() == self.process.pid:
                return Node(child)
        return None

    def all(self, id=None, name=None, role=None, below=None):
        for node in (below or self.root).walk():
            if ((id is None or node.id == id) and (name is None or node.name == name) and
                    (role is None or node.role == role)):
                yield node

    def find(self, id=None, name=None, role=None, below=None, seconds=15):
        what = f"a widget that shows: id {id}, name {name}, role {role}"
        return wait_until(lambda: next(self.all(id, name, role, below), None), what, seconds)

    def shows(self, id=None, name=None, role=None):
        return next(self.all(id, name, role), None) is not None

    def gone(self, id=None, name=None, role=None, seconds=15):
        wait_until(lambda: not self.shows(id, name, role), f"{id or name} to go", seconds)

    def view(self, name):
        """A list, table or tree."""
        return wait_until(lambda: next((node for node in self.all(name=name) if node.role in VIEWS), None),
                          f"a list named {name}")

    def press(self, id):
        node = self.find(id)
        wait_until(lambda: node.enabled, f"{id} to be enabled")
        node.press()

    def message(self, id):
        """The text of an inline message; empty if it does not show."""
        panel = next(self.all(id), None)
        labels = [node.name for node in panel.walk() if node.role == "label" and node.name] if panel else []
        return labels[0] if labels else ""

    def message_says(self, id, *parts, seconds=60):
        """Waits for a message with one of the texts."""
        wait_until(lambda: any(part in self.message(id) for part in parts),
                   f"{id} to say {parts}; it says {self.message(id)!r}", seconds)

    def press_message(self, id):
        panel = self.find(id)
        self.find("messageButton", below=panel).press()

    def menu(self, *names):
        """Opens a menu by its names and clicks the last one. Trailing dots belong to the names."""
        node = next(self.all(name=names[0], role="menu item"))
        node.click()
        for name in names[1:]:
            node = self.find(name=name, role="menu item")
            node.click()

    def menu_states(self, name):
        """Opens a menu, reads name -> enabled, and closes it."""
        self.menu(name)
        popup = self.find(role="popup menu")
        states = {node.name: node.enabled for node in popup.walk() if node.role == "menu item"}
        key("Escape")
        self.gone(role="popup menu")
        return states

    def drop_down(self, id, *keys):
        """Opens the menu of a button and takes an entry by its access key or the arrows; such menus are in no tree."""
        node = self.find(id)
        node.click()
        wait_until(lambda: popups(), "the menu of " + id)
        key(*keys)
        wait_until(lambda: not popups(), "the menu of " + id + " to close")

    def tab(self, name):
        """Brings a dock or a page to the front."""
        self.find(name=name, role="page tab").click()

    def accept_file(self, path):
        """Gives the file dialog that is open a path."""
        edit = self.find("fileNameEdit")
        edit.type(str(path))
        key("Return")
        self.gone("fileNameEdit")

    def tree(self):
        """The accessibility tree as text, for a report."""
        lines = []

        def add(node, depth):
            lines.append("  " * depth + f"{node.role} {node.name!r} {node.id}")
            if depth < 20 and (node.has("SHOWING") or depth == 0):
                for child in node.children()[:80]:
                    add(child, depth + 1)

        add(self.root, 0)
        return "\n".join(lines)
