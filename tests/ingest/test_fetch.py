"""The guarded download, against a server that does its worst."""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ingest.connection import connect_to, is_public
from ingest.fetch import Limits, Validators, check_address, fetch
from ingest.sources import Failure, Intake, Loaded
from qa.errors import FetchFailed, FetchRefused, SourceError, SourceTooLarge

# Packed once, since it takes a second.
BOMB = gzip.compress(b"x" * 50_000_000)
PAGE = b"<html><head><title>Rain</title></head><body><p>It fell on Monday night.</p></body></html>"
QUICK = Limits(size=100_000, silence=0.5, total=1.5, redirects=5)
PUBLIC = "93.184.215.14"


class Hostile(BaseHTTPRequestHandler):
    """Answers by path; ``seen`` keeps the headers of every request."""

    seen: list[dict[str, str]] = []  # noqa: RUF012 - emptied by the fixture

    def do_GET(self):
        self.seen.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
        getattr(self, self.path.strip("/").split("?")[0].split("/")[0].replace("-", "_"))()

    def answer(self, body=PAGE, status=200, **headers):
        self.send_response(status)
        headers = {
            "Content_Type": "text/html; charset=utf-8",
            "Content_Length": len(body),
        } | headers
        for name, value in headers.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def page(self):
        self.answer()

    def tagged(self):
        """Answers that nothing changed to whoever knows its tag or its day."""
        day = "Tue, 04 Jun 2024 10:00:00 GMT"
        if self.headers["If-None-Match"] == '"a1"' or self.headers["If-Modified-Since"] == day:
            self.answer(b"", status=304, Content_Type=None, Content_Length=None)
        else:
            self.answer(ETag='"a1"', Last_Modified=day)

    def unasked(self):
        self.answer(b"", status=304, Content_Length=None)

    def odd_tag(self):
        self.answer(ETag="\xe9 tag", Last_Modified="folded\r\n X-Injected: yes")

    def busy(self):
        self.answer(b"later", status=503, Retry_After="120")

    def missing(self):
        self.answer(b"gone", status=404)

    def redirect(self):
        self.answer(b"", status=302, Location=self.path.partition("?")[2])

    def endless(self):
        self.answer(b"", status=301, Location=f"/endless/{len(self.seen)}")

    def large(self):
        self.answer(b"x" * 200_000)

    def large_unannounced(self):
        self.answer(b"x" * 200_000, Content_Length=None)

    def bomb(self):
        self.answer(BOMB, Content_Encoding="gzip")

    def gzipped(self):
        self.answer(gzip.compress(PAGE), Content_Encoding="gzip")

    def gzip_members(self):
        packed = gzip.compress(PAGE[:40]) + gzip.compress(PAGE[40:])
        self.answer(packed, Content_Encoding="gzip")

    def gzip_cut(self):
        self.answer(gzip.compress(PAGE)[:-9], Content_Encoding="gzip")

    def gzip_bad(self):
        self.answer(b"not gzip at all", Content_Encoding="gzip")

    def deflated(self):
        self.answer(zlib.compress(PAGE), Content_Encoding="deflate")

    def deflated_bare(self):
        self.answer(zlib.compress(PAGE)[2:-4], Content_Encoding="deflate")

    def brotli(self):
        self.answer(Content_Encoding="br")

    def cut(self):
        self.answer(Content_Length=999)

    def picture(self):
        self.answer(Content_Type="image/png")

    def untyped(self):
        self.answer(Content_Type=None)

    def lines(self):
        self.answer(b'{"text": "One."}\n{"text": "Two."}\n', Content_Type="application/x-ndjson")

    def drip(self):
        self.answer(b"", Content_Length=1000)
        self.trickle()

    def drip_head(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self.trickle()

    def silent(self):
        time.sleep(1)

    def trickle(self):
        try:
            for _ in range(60):
                self.wfile.write(b"x")
                time.sleep(0.1)
        except OSError:
            pass  # the client has hung up, as it should

    def log_message(self, *arguments):
        pass


@contextmanager
def serving(handler=Hostile, context=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *arguments: None
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.socket.close()


@pytest.fixture(scope="module")
def port():
    with serving() as port:
        yield port


@pytest.fixture(autouse=True)
def seen():
    Hostile.seen.clear()
    return Hostile.seen


@pytest.fixture
def get(port):
    """Fetch a path of the hostile server."""
    return lambda path: fetch(f"http://127.0.0.1:{port}/{path}", allow_private=True, limits=QUICK)


class Internet:
    """Names with addresses that change, every public address being the hostile server."""

    def __init__(self, port, **names):
        self.port = port
        self.names = {name.replace("_", "."): list(answers) for name, answers in names.items()}
        self.looked_up = []
        self.dialled = []

    def resolve(self, host, port):
        self.looked_up.append(host)
        answers = self.names[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address, port, timeout):
        self.dialled.append(address)
        return connect_to("127.0.0.1", self.port, timeout)

    def fetch(self, url):
        return fetch(url, limits=QUICK, resolve=self.resolve, connect=self.connect)


# What is delivered


def test_page_comes_with_its_address_type_and_charset(get, port):
    page = get("redirect?/page")
    assert page.url == f"http://127.0.0.1:{port}/page"
    assert (page.content_type, page.charset, page.data) == ("text/html", "utf-8", PAGE)


@pytest.mark.parametrize("path", ["gzipped", "gzip_members", "deflated", "deflated_bare"])
def test_packed_pages_are_unpacked(get, path):
    assert get(path).data == PAGE


def test_request_tells_who_asks_and_nothing_else(get, seen):
    get("redirect?/page")
    assert seen[1]["user-agent"] == "article-qa/0.1"
    assert not {"cookie", "referer", "authorization"} & set(seen[1])


def test_request_for_an_odd_path_is_well_formed(get, seen):
    get("page/ä b?q=ö&r=%20\r\nX: y")
    assert seen[0]["path"] == "/page/%C3%A4%20b?q=%C3%B6&r=%20X:%20y"


@pytest.mark.parametrize(
    "known", [Validators(etag='"a1"'), Validators(last_modified="Tue, 04 Jun 2024 10:00:00 GMT")]
)
def test_page_that_did_not_change_comes_only_once(port, known):
    url = f"http://127.0.0.1:{port}/tagged"
    first = fetch(url, allow_private=True)
    assert (first.data, first.not_modified) == (PAGE, False)
    assert known.headers().items() <= first.validators.headers().items()
    again = fetch(url, allow_private=True, validators=known)
    assert (again.data, again.not_modified, again.validators) == (b"", True, known)


def test_request_that_asks_for_any_state_sends_no_condition(get, seen):
    get("page")
    assert not {"if-none-match", "if-modified-since"} & set(seen[0])


def test_answer_that_nothing_changed_is_a_failure_to_who_did_not_ask(port):
    with pytest.raises(FetchFailed, match="304"):
        fetch(f"http://127.0.0.1:{port}/unasked", allow_private=True)


def test_tags_that_cannot_be_sent_back_are_dropped(get):
    assert get("odd-tag").validators == Validators()


def test_failure_tells_the_status_and_when_to_come_again(get):
    with pytest.raises(FetchFailed) as caught:
        get("busy")
    assert (caught.value.status, caught.value.retry_after) == (503, "120")


def test_each_address_is_told_before_it_is_visited(port, seen):
    home, told = f"http://127.0.0.1:{port}", []

    def before(url):
        told.append(url)
        if len(told) == 2:
            raise FetchRefused("not there")

    with pytest.raises(FetchRefused, match="not there"):
        fetch(f"{home}/redirect?/page", allow_private=True, before=before)
    assert told == [f"{home}/redirect?/page", f"{home}/page"]
    assert [each["path"] for each in seen] == ["/redirect?/page"]


def test_what_no_loader_reads_comes_when_it_is_asked_for(port):
    page = fetch(f"http://127.0.0.1:{port}/picture", allow_private=True, any_type=True)
    assert page.content_type == "image/png"


# What is refused


@pytest.mark.parametrize("url", ["http://127.0.0.1/a", "http://[::1]/a", "http://localhost:80/a"])
def test_private_address_shows_without_a_look_up(url):
    with pytest.raises(FetchRefused, match="--allow-private"):
        check_address(url)
    check_address(url, allow_private=True)


def test_public_address_is_well_whatever_its_name_leads_to():
    check_address("https://news.example/feed.xml")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/", "file:///etc/hostname", "javascript:alert(1)", "//a.example/",
        "http://user:pw@a.example/", "http://user@a.example/", "http://@a.example/",
        "http://", "http://[::1", "http://a.example:99999/", "http://a.example:0/",
        "http://a b/", "http://a\\b/", "http://" + "é" * 99 + ".example/", "gopher://a.example",
    ],
)  # fmt: skip
def test_addresses_that_are_odd_are_refused_without_a_look_up(url):
    net = Internet(0)
    with pytest.raises(FetchRefused):
        net.fetch(url)
    assert net.looked_up == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1",
        "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "fec0::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "2002:7f00:1::1", "2002:c0a8:101::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "not an address", "",
    ],
)  # fmt: skip
def test_addresses_of_no_public_machine(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_addresses_of_public_machines(address):
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]"])
def test_private_hosts_are_refused_by_default(port, host, seen):
    with pytest.raises(FetchRefused, match="private"):
        fetch(f"http://{host}:{port}/page", limits=QUICK)
    assert seen == []


def test_one_private_address_among_public_ones_is_enough(port):
    net = Internet(port, news_example=[[PUBLIC, "10.0.0.1"]])
    with pytest.raises(FetchRefused, match=r"10\.0\.0\.1"):
        net.fetch("http://news.example/page")
    assert net.dialled == []


@pytest.mark.parametrize("target", ["http://intern.example/page", "//intern.example/page"])
def test_redirect_to_a_private_address_is_refused(port, target):
    net = Internet(port, news_example=[[PUBLIC]], intern_example=[["192.168.0.7"]])
    with pytest.raises(FetchRefused, match=r"192\.168\.0\.7"):
        net.fetch(f"http://news.example/redirect?{target}")
    assert net.dialled == [PUBLIC]


def test_a_name_that_changes_its_address_is_looked_up_once(port):
    net = Internet(port, news_example=[[PUBLIC], ["127.0.0.1"]])
    assert net.fetch("http://news.example/page").data == PAGE
    assert (net.looked_up, net.dialled) == (["news.example"], [PUBLIC])


def test_a_name_that_changes_between_redirects_is_checked_again(port):
    net = Internet(port, news_example=[[PUBLIC], ["127.0.0.1"]])
    with pytest.raises(FetchRefused, match="private"):
        net.fetch("http://news.example/redirect?/page")
    assert net.dialled == [PUBLIC]


def test_the_request_names_the_host_that_was_asked_for(port, seen):
    Internet(port, news_example=[[PUBLIC]]).fetch("http://news.example:8080/page")
    assert seen[0]["host"] == "news.example:8080"


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "ftp://a.example/", "http://u:p@b.example/", "http://[x"]
)
def test_redirect_to_what_is_no_web_address_is_refused(get, target):
    with pytest.raises(FetchRefused):
        get(f"redirect?{target}")


def test_endless_redirects_end(get, seen):
    with pytest.raises(FetchRefused, match="more than 5 redirects"):
        get("endless")
    assert len(seen) == 6


@pytest.mark.parametrize("path", ["large", "large_unannounced", "bomb"])
def test_what_is_too_large_is_refused(get, path):
    with pytest.raises(SourceTooLarge, match="100,000"):
        get(path)


@pytest.mark.parametrize("path", ["drip", "drip_head", "silent"])
def test_slow_servers_are_left(get, path):
    with pytest.raises(FetchFailed, match="too long"):
        get(path)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("missing", "404 Not Found"),
        ("picture", "image/png"),
        ("untyped", "nothing"),
        ("brotli", "'br'"),
        ("cut", "too early"),
        ("gzip_cut", "too early"),
        ("gzip_bad", "incorrect header"),
    ],
)
def test_what_is_of_no_use_says_why(get, path, said):
    with pytest.raises(SourceError, match=said):
        get(path)


def test_host_that_is_not_there_says_so():
    def resolve(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchFailed, match="cannot be found"):
        fetch("http://nowhere.example/", resolve=resolve)


def test_connection_refused_tries_every_address():
    tried = []

    def connect(address, port, timeout):
        tried.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    with pytest.raises(FetchFailed, match="refused"):
        fetch("http://a.example/", resolve=lambda *_: [PUBLIC, "1.1.1.1"], connect=connect)
    assert tried == [PUBLIC, "1.1.1.1"]


def test_server_that_speaks_no_http_is_a_failure():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def babble():
            client, _ = server.accept()
            with client:
                client.recv(999)
                client.sendall(b"\0\1\2 nonsense\r\n\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(FetchFailed):
            fetch(url, allow_private=True, limits=QUICK)
        thread.join()


@pytest.fixture(scope="module")
def secure_port(tmp_path_factory):
    """The same server behind a certificate that nobody vouches for."""
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj"
    subprocess.run([*command.split(), "/CN=localhost"], cwd=folder, capture_output=True, check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    with serving(context=context) as port:
        yield port, folder / "cert.pem"


def test_certificate_that_nobody_vouches_for_is_refused(secure_port, seen):
    port, _ = secure_port
    with pytest.raises(FetchFailed, match="no valid certificate"):
        fetch(f"https://localhost:{port}/page", allow_private=True, limits=QUICK)
    assert seen == []


def test_certificate_must_be_for_the_host(secure_port, monkeypatch):
    port, certificate = secure_port
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    resolve = lambda *_: ["127.0.0.1"]  # noqa: E731
    known = {"allow_private": True, "limits": QUICK, "resolve": resolve}
    assert fetch(f"https://localhost:{port}/page", **known).data == PAGE
    with pytest.raises(FetchFailed, match="no valid certificate"):
        fetch(f"https://other.example:{port}/page", **known)


def test_redirect_to_an_address_without_encryption_is_refused(secure_port, monkeypatch):
    port, certificate = secure_port
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(FetchRefused, match="not encrypted"):
        fetch(
            f"https://localhost:{port}/redirect?http://a.example/",
            allow_private=True,
            limits=QUICK,
        )


# Through the intake


def test_address_becomes_an_article(port):
    url = f"http://127.0.0.1:{port}/page"
    (result,) = Intake([url], allow_private=True)
    assert isinstance(result, Loaded)
    assert (result.origin, result.alone) == (url, True)
    assert (result.article.url, result.article.title, result.article.published) == (
        url,
        "Rain",
        None,
    )


def test_content_type_chooses_the_loader(port):
    results = list(Intake([f"http://127.0.0.1:{port}/lines"], allow_private=True))
    assert [result.article.text for result in results] == ["One.", "Two."]
    assert not results[0].alone


def test_private_address_is_a_failure_of_the_intake(port):
    (result,) = Intake([f"http://127.0.0.1:{port}/page"])
    assert isinstance(result, Failure)
