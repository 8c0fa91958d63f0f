"""Asks several servers the same questions and collects what they say."""
import socket
import struct
import time
from typing import NamedTuple, Optional, Union

import wire

BATCH = 24  # queries under way at once: few enough for every receive buffer
PATIENCE = 2  # seconds until an answer is given up
TRIES = 3


class Channel:
    """One server, as one asker sees it."""

    def __init__(self, port):
        self.address = ("127.0.0.1", port)
        self.udp = socket.socket(type=socket.SOCK_DGRAM)
        self.udp.connect(self.address)

    def send_udp(self, requests):
        for request in requests.values():
            self.udp.send(request)

    def collect_udp(self, wanted):
        """Answers by message id, until all are there or patience ends."""
        answers, end = {}, time.monotonic() + PATIENCE
        while len(answers) < len(wanted):
            self.udp.settimeout(max(end - time.monotonic(), 0.001))
            try:
                answer = self.udp.recv(65535)
            except OSError:
                break
            message_id = int.from_bytes(answer[:2], "big")
            if message_id in wanted:
                answers[message_id] = answer
        return answers

    def ask_udp(self, requests):
        """Sent in the caller's round already; what is missing is asked again."""
        answers = self.collect_udp(requests)
        for _ in range(TRIES - 1):
            missing = {key: value for key, value in requests.items() if key not in answers}
            if not missing:
                break
            self.send_udp(missing)
            answers.update(self.collect_udp(missing))
        return answers

    def ask_tcp(self, requests):
        """All on one connection; where a server closes it, those left go onto another."""
        answers = {}
        for _ in range(TRIES + len(requests)):
            missing = {key: value for key, value in requests.items() if key not in answers}
            if not missing:
                break
            got = self.ask_one_connection(missing)
            if not got:  # the first of them is what the server does not answer
                requests = {key: value for key, value in requests.items()
                            if key != next(iter(missing))}
            answers.update(got)
        return answers

    def ask_one_connection(self, requests):
        answers = {}
        try:
            with socket.create_connection(self.address, PATIENCE) as tcp:
                tcp.sendall(b"".join(struct.pack("!H", len(request)) + request
                                     for request in requests.values()))
                stream = tcp.makefile("rb")
                while len(answers) < len(requests):
                    size = stream.read(2)
                    if len(size) < 2:
                        break
                    answer = stream.read(int.from_bytes(size, "big"))
                    answers[int.from_bytes(answer[:2], "big")] = answer
        except OSError:
            pass
        return answers

    def close(self):
        self.udp.close()


def parsed(answer):
    """A Message, a sentence about what is wrong with it, or None for silence."""
    if answer is None:
        return None
    try:
        return wire.read_message(answer)
    except (wire.Malformed, IndexError, struct.error) as error:
        return f"malformed: {error}"


class Reply(NamedTuple):
    octets: Optional[bytes]
    message: Union[wire.Message, str, None]  # as parsed() says


class Asker:
    """Sends to all servers, over UDP or TCP as each query wants it."""

    def __init__(self, ports):
        self.channels = {name: Channel(port) for name, port in ports.items()}
        self.next_id = 0

    def ask(self, queries, names=None):
        """For each query a dictionary: server -> Reply. `names`: of all servers if not given."""
        channels = {name: self.channels[name] for name in names or self.channels}
        udp, tcp = {}, {}
        ids = []
        for query in queries:
            self.next_id = (self.next_id + 1) % 65536
            ids.append(self.next_id)
            (tcp if query.tcp else udp)[self.next_id] = query.to_wire(self.next_id)
        for channel in channels.values():
            channel.send_udp(udp)
        by_server = {}
        for name, channel in channels.items():
            got = channel.ask_udp(udp)
            if tcp:
                got.update(channel.ask_tcp(tcp))
            by_server[name] = got
        return [{name: Reply(got.get(i), parsed(got.get(i))) for name, got in by_server.items()}
                for i in ids]

    def close(self):
        for channel in self.channels.values():
            channel.close()
