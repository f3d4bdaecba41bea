"""What a process that parses gives up for good: memory, the network, and life after its parent.

On Linux all of it holds. Elsewhere the limit of memory holds where the system keeps it (macOS does
not), the network is only never used, and a process that is stuck outlives a parent that was
killed until it comes to its next read or write.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys

__all__ = ["confine"]

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # deny: as "not permitted"
# Opcodes of the filter: load a word, jump if equal, jump if greater or equal, return.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
# By machine: its number, and those of socket, connect, execve, execveat, ptrace, io_uring_setup.
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 101, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 117, 425)),
}
# Calls of the 32-bit flavour of x86_64 have numbers from here on.
_OTHER_CALLS = 0x40000000


def confine(*, parent: int, memory: int) -> None:
    """Confine this process, which ``parent`` started, to ``memory`` megabytes of addresses.

    It can then open no connection and start no program, and it ends with its parent.
    """
    _limit(resource.RLIMIT_AS, memory * 2**20)
    _limit(resource.RLIMIT_CORE, 0)
    # The keyboard's interrupt is for the parent, which ends this process in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _shut_off(libc)
    if os.getppid() != parent:  # it died before it was asked to be told of
        os._exit(1)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):  # not kept by this system
        return


def _shut_off(libc: ctypes.CDLL) -> None:
    """Refuse the calls that lead out of the process. Where filters are not there, nothing is."""
    if platform.machine() not in _CALLS:
        return
    machine, denied = _CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 4),  # the machine that the call is for
        (_IF_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_IF_AT_LEAST, len(denied) + 1, 0, _OTHER_CALLS),
        *((_IF_EQUAL, len(denied) - place, 0, call) for place, call in enumerate(denied)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    )
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0)
