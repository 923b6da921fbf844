"""The mouse and the keyboard, by xdotool, and the windows on the screen."""

import subprocess


def xdotool(*arguments, text=None):
    subprocess.run(["xdotool", *map(str, arguments)], input=text, text=True, check=True, capture_output=True)


def key(*names):
    """Keys as xdotool calls them: "ctrl+a", "Return"."""
    xdotool("key", "--clearmodifiers", *names)


def type_text(text):
    # By the standard input: an argument could be read by every process.
    xdotool("type", "--clearmodifiers", "--delay", "4", "--file", "-", text=text)


def windows(program):
    """The windows of a program that can be seen."""
    return subprocess.run(["xdotool", "search", "--onlyvisible", "--class", program], capture_output=True, text=True,
                          check=False).stdout.split()


def popups():
    """Windows that the window manager does not manage: menus, lists of fields, tool tips."""
    managed = subprocess.run(["xprop", "-root", "_NET_CLIENT_LIST"], capture_output=True, text=True, check=True).stdout
    return [window for window in windows("cooperage") if f"{int(window):#x}" not in managed]
