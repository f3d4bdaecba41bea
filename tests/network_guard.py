"""Runs a command so that nothing it sends to another machine goes unseen.

Three guards, the first that works is used: a network namespace, out of which no packet gets and in
which every packet is read; ``strace``; a hook in Python, which sees nothing of native code.
"""

import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

HOOK = """
import os, sys

def note(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"):
        address = arguments[0] if event == "socket.getaddrinfo" else arguments[-1]
        name = address[0] if isinstance(address, tuple) else address
        if isinstance(name, bytes):
            name = name.decode()
        if isinstance(name, str) and not name.startswith(("/", "127.", "::1")) \\
                and name not in ("", "localhost", "0.0.0.0"):
            with open(os.environ["GUARD_LOG"], "a") as lines:
                lines.write(name + "\\n")

sys.addaudithook(note)
"""
# Where a packet is sent that ends the reading.
_END = "192.0.2.9"
_ADDRESS = re.compile(r"sin6?_port=htons\((\d+)\).*?\"([\da-f.:]+)\"")


def guards():
    """The names of the guards that work here, the best first."""
    working = ["hook"]
    if shutil.which("strace") and _succeeds("strace", "-o", os.devnull, "true"):
        working.insert(0, "strace")
    if _succeeds(*_namespace(), "true"):
        working.insert(0, "namespace")
    return working


def watched(guard, command, environment):
    """Runs the command to its end; returns the finished process and what it reached for."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        log.touch()
        environment = {**environment, "GUARD_LOG": str(log)}
        if guard == "namespace":
            command = [*_namespace(), sys.executable, __file__, *command]
        elif guard == "strace":
            calls = "trace=connect,sendto,sendmsg,sendmmsg"
            command = ["strace", "-f", "-qq", "-e", calls, "-o", str(log), *command]
        else:
            (Path(folder) / "sitecustomize.py").write_text(HOOK)
            paths = [folder, environment.get("PYTHONPATH", "")]
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        lines = log.read_text(errors="replace").splitlines()
    seen = [each for line in lines for each in (_traced(line) if guard == "strace" else [line])]
    return done, sorted({*seen})


def _traced(line):
    for port, address in _ADDRESS.findall(line):
        # A name server on this machine would ask others.
        if port == "53" or not _is_local(address):
            yield f"{address}:{port}"


def _namespace():
    # Whoever is not root may be it in there, where the kernel lets them.
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    inside = "ip link set lo up && mount --bind /dev/null /etc/resolv.conf"
    works = ["sh", "-c", f'{inside} && umount /etc/resolv.conf && exec "$@"', "sh"]
    return ["unshare", "--net", "--mount", *as_root, *works]


def _succeeds(*command):
    try:
        return not subprocess.run(command, capture_output=True, check=False).returncode
    except FileNotFoundError:
        return False


def _is_local(address):
    return ip_address(address).is_loopback or ip_address(address).is_unspecified


# Inside the namespace


def _watch(command, log):
    """Run the command where all addresses are this machine's own device, and read that."""
    for line in (
        "ip address add 192.0.2.1/32 dev lo",
        "ip route add default dev lo",
        "ip -6 address add 2001:db8::1/128 dev lo nodad",
        "ip -6 route add default dev lo",
    ):
        # A kernel without IPv6 will do.
        subprocess.run(line.split(), check="-6" not in line, capture_output=True)
    with tempfile.NamedTemporaryFile("w", suffix="resolv.conf") as resolver:
        resolver.write("nameserver 192.0.2.53\noptions timeout:2 attempts:1\n")
        resolver.flush()
        subprocess.run(["mount", "--bind", resolver.name, "/etc/resolv.conf"], check=True)
        # What answers for names over files and pipes lies outside of the namespace.
        for folder in ("/run/nscd", "/run/systemd/resolve", "/run/dbus"):
            if Path(folder).is_dir():
                subprocess.run(["mount", "-t", "tmpfs", "none", folder], check=True)
        packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
        with suppress(PermissionError):
            # SO_RCVBUFFORCE: what is slow to be read should not be lost.
            packets.setsockopt(socket.SOL_SOCKET, 33, 2**26)
        reader = threading.Thread(target=_read, args=(packets, log), daemon=True)
        reader.start()
        done = subprocess.run(command, check=False)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (_END, 9))
        reader.join(timeout=30)
        # PACKET_STATISTICS
        _, dropped = struct.unpack("II", packets.getsockopt(263, 6, 8))
        if dropped:
            with log.open("a") as lines:
                lines.write(f"{dropped} packets were not read\n")
    return done.returncode


def _read(packets, log):
    with log.open("a", buffering=1) as lines:
        while True:
            packet, (_, protocol, *_) = packets.recvfrom(2048)
            if protocol == 0x0800:
                to, kind, rest = packet[16:20], packet[9], packet[(packet[0] & 15) * 4 :]
            elif protocol == 0x86DD:
                to, kind, rest = packet[24:40], packet[6], packet[40:]
            else:
                continue
            address = str(ip_address(to))
            if address == _END:
                return
            # The kernel's own talk of neighbours and groups is ICMP, as is its saying no.
            if kind in (socket.IPPROTO_TCP, socket.IPPROTO_UDP) and not _is_local(address):
                port = int.from_bytes(rest[2:4], "big")
                # Answers of the machine to itself.
                if address not in ("192.0.2.1", "2001:db8::1"):
                    asked = _name(rest[20:]) if port == 53 and kind == socket.IPPROTO_UDP else ""
                    lines.write(f"{asked or f'{address}:{port}'}\n")


def _name(question):
    """The name that a message to a name server asks for."""
    labels = []
    while question and (size := question[0]):
        labels.append(question[1 : size + 1].decode(errors="replace"))
        question = question[size + 1 :]
    return ".".join(labels)


if __name__ == "__main__":
    sys.exit(_watch(sys.argv[1:], Path(os.environ["GUARD_LOG"])))
