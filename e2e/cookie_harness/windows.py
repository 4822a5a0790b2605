"""Closing a window as a person does: its close button asks the program, which decides what follows."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

_CLIENT_MESSAGE = 33
_BITS = 32
_VIEWABLE = 2


class _ClientMessage(ctypes.Structure):
    """`XClientMessageEvent` of Xlib."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
    ]


class _Event(ctypes.Union):
    """`XEvent`, which is as large as its largest member."""

    _fields_ = [("client", _ClientMessage), ("pad", ctypes.c_long * 24)]


class _Attributes(ctypes.Structure):
    """`XWindowAttributes` of Xlib."""

    _fields_ = [
        ("place_and_size", ctypes.c_int * 6),
        ("visual", ctypes.c_void_p),
        ("root", ctypes.c_ulong),
        ("class_and_gravities", ctypes.c_int * 4),
        ("backing", ctypes.c_ulong * 2),
        ("save_under", ctypes.c_int),
        ("colormap", ctypes.c_ulong),
        ("map_installed", ctypes.c_int),
        ("map_state", ctypes.c_int),
        ("event_masks", ctypes.c_long * 3),
        ("override_redirect", ctypes.c_int),
        ("screen", ctypes.c_void_p),
    ]


def close_front_window(display: str) -> None:
    """Ask the window in front to close, on a display without a window manager.

    What a close button sends: `WM_DELETE_WINDOW`, by the Inter-Client Communication Conventions Manual. Raises
    `LookupError` where no window is seen, and `OSError` where the display can't be opened, or Xlib is missing, without
    which no browser with a window starts.
    """
    with _opened(display) as (xlib, connection):
        protocols, delete = (xlib.XInternAtom(connection, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
        seen = [window for window in _top_windows(xlib, connection) if _is_seen(xlib, connection, window)]
        if not seen:
            raise LookupError(f"There is no window on the display {display}.")
        event = _Event()
        event.client.type, event.client.window = _CLIENT_MESSAGE, seen[-1]
        event.client.message_type, event.client.format = protocols, _BITS
        event.client.data[0] = delete
        xlib.XSendEvent(connection, ctypes.c_ulong(seen[-1]), 0, ctypes.c_long(0), ctypes.byref(event))


@contextmanager
def _opened(display: str) -> Iterator[tuple[ctypes.CDLL, ctypes.c_void_p]]:
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XInternAtom.restype = xlib.XDefaultRootWindow.restype = ctypes.c_ulong
    connection = ctypes.c_void_p(xlib.XOpenDisplay(display.encode()))
    if not connection:
        raise OSError(f"The display {display} can't be opened.")
    try:
        yield xlib, connection
    finally:
        xlib.XCloseDisplay(connection)  # which sends what is still to be sent


def _top_windows(xlib: ctypes.CDLL, connection: ctypes.c_void_p) -> list[int]:
    """The windows that have none around them but the screen's own, from the hindmost to the one in front."""
    root, parent = ctypes.c_ulong(), ctypes.c_ulong()
    children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
    xlib.XQueryTree(
        connection,
        ctypes.c_ulong(xlib.XDefaultRootWindow(connection)),
        *(ctypes.byref(each) for each in (root, parent, children, count)),
    )
    if not count.value:
        return []
    windows = children[: count.value]
    xlib.XFree(children)
    return windows


def _is_seen(xlib: ctypes.CDLL, connection: ctypes.c_void_p, window: int) -> bool:
    """Whether a person can see a window: programs keep others for themselves, hidden or of a single pixel."""
    attributes = _Attributes()
    xlib.XGetWindowAttributes(connection, ctypes.c_ulong(window), ctypes.byref(attributes))
    _x, _y, width, *_rest = attributes.place_and_size
    return bool(attributes.map_state == _VIEWABLE and width > 1)
