"""Lines as programs write them: clocks, process ids, block ids, counters, hexadecimal ids. None holds a card."""

import random
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from stdnum import luhn

Line = Callable[[random.Random, datetime], str]
BLOCK_OF_LINES = 20
BEGINNINGS = {
    13: ["4"],
    14: ["36", "38"],
    15: ["34", "37"],
    16: ["4", "51", "55", "2221", "2720", "6011", "65", "3528", "62"],
    19: ["4", "6011", "62"],
}


def unlucky(draw: random.Random, length: int) -> str:
    """An id of so many digits that begins as a card does and passes Luhn's check: the worst an id can be."""
    beginning = draw.choice(BEGINNINGS.get(length, ["62"]))
    body = beginning + "".join(draw.choices("0123456789", k=length - 1 - len(beginning)))
    return body + luhn.calc_check_digit(body)


def hdfs(draw: random.Random, at: datetime) -> str:
    block = draw.choice(["", "-"]) + unlucky(draw, draw.choice([16, 18, 19]))
    thread = draw.randrange(20_000)
    return f"{at:%y%m%d %H%M%S} {thread} INFO dfs.DataBlockScanner: Verification succeeded for blk_{block}"


def hdfs_received(draw: random.Random, at: datetime) -> str:
    block, size, host = unlucky(draw, 19), draw.randrange(10**8), draw.randrange(255)
    return (
        f"{at:%y%m%d %H%M%S} {draw.randrange(9999)} INFO dfs.DataNode$PacketResponder: Received block "
        f"blk_{block} of size {size} from /10.251.{host}.{draw.randrange(255)}"
    )


def bgl(draw: random.Random, at: datetime) -> str:
    seconds, micro = int(at.timestamp()), draw.randrange(10**6)
    node = f"R{draw.randrange(64):02d}-M{draw.randrange(2)}-N{draw.randrange(16)}-C:J{draw.randrange(18):02d}-U{draw.randrange(12):02d}"  # noqa: E501
    return (
        f"- {seconds} {at:%Y.%m.%d} {node} {at:%Y-%m-%d-%H.%M.%S}.{micro:06d} {node} RAS KERNEL INFO "
        f"{draw.randrange(10**5)} double-hummer alignment exceptions"
    )


def health_app(draw: random.Random, at: datetime) -> str:
    millis = int(at.timestamp() * 1000)
    values = "##".join(str(draw.randrange(10**9)) for _ in range(4))
    return f"{at:%Y%m%d-%H:%M:%S}:{draw.randrange(1000)}|Step_LSC|30002312|setTodayTotalDetailSteps={millis}##{values}"


def health_counter(draw: random.Random, at: datetime) -> str:
    return (
        f"{at:%Y%m%d-%H:%M:%S}:{draw.randrange(1000)}|Step_SPUtils|30002312|getTodayTotalDetailSteps "
        f"= {unlucky(draw, 13)}##{draw.randrange(9999)}##{draw.randrange(10**6)}"
    )


def mac(draw: random.Random, at: datetime) -> str:
    pid = draw.randrange(10**5)
    return (
        f"{at:%b %d %H:%M:%S} calvisitor-10-105-160-95 sharingd[{pid}]: {at:%H:%M:%S}.{draw.randrange(1000):03d}"
        " : Starting AirDrop server for user 501 on wake"
    )


def mac_bracket(draw: random.Random, at: datetime) -> str:
    return (
        f"{at:%b %d %H:%M:%S} kernel[0]: ARPT: {draw.randrange(10**6)}.{draw.randrange(10**6)}"
        f": handle [{unlucky(draw, 16)}] = {draw.randrange(9999)}"
    )


def linux(draw: random.Random, at: datetime) -> str:
    return (
        f"{at:%b %d %H:%M:%S} combo sshd(pam_unix)[{draw.randrange(99999)}]: check pass; "
        f"user unknown port {draw.randrange(65536)} ssh2"
    )


def kernel(draw: random.Random, at: datetime) -> str:
    return (
        f"[{draw.randrange(10**5):5d}.{draw.randrange(10**6):06d}] {draw.choice(['eth0', 'sda', 'usb 1-2'])}"
        f": {draw.randrange(10**4)} {draw.randrange(10**4)} sectors (4096 bytes) at {draw.getrandbits(64):#018x}"
    )


def spark(draw: random.Random, at: datetime) -> str:
    task = draw.randrange(10**4)
    return (
        f"{at:%y/%m/%d %H:%M:%S} INFO executor.Executor: Finished task {task}.0 in stage "
        f"{draw.randrange(99)}.0 (TID {task + 1}). {draw.randrange(10**5)} bytes result"
    )


def openstack(draw: random.Random, at: datetime) -> str:
    one, other = uuid.UUID(int=draw.getrandbits(128), version=4), uuid.UUID(int=draw.getrandbits(128), version=4)
    return (
        f"nova-api.log.1.{at:%Y-%m-%d_%H:%M:%S} {at:%Y-%m-%d %H:%M:%S}.{draw.randrange(1000):03d}"
        f" {draw.randrange(30000)} INFO nova.osapi [req-{one} {other.hex}] 10.11.10.1 "
        f"status: 200 len: {draw.randrange(9999)} time: 0.{draw.randrange(10**7)}"
    )


def hadoop(draw: random.Random, at: datetime) -> str:
    millis = int(at.timestamp() * 1000)
    return (
        f"{at:%Y-%m-%d %H:%M:%S},{draw.randrange(1000):03d} INFO [main] org.apache.hadoop.mapreduce:"
        f" Created MRAppMaster for application appattempt_{millis}_{draw.randrange(99):04d}"
        f"_{draw.randrange(99):06d}"
    )


def windows(draw: random.Random, at: datetime) -> str:
    return (
        f"{at:%Y-%m-%d %H:%M:%S}, Info CBS    SQM: Failed to start upload [HRESULT = {draw.getrandbits(32):#010x}"
        f"] session {draw.randrange(10**8)}_{draw.randrange(10**10)}"
    )


def crash(draw: random.Random, at: datetime) -> str:
    made = uuid.UUID(int=draw.getrandbits(128), version=4)
    return (
        f"Crash {{{str(made).upper()}}} dump {made.hex} offset {draw.getrandbits(48):012x}"
        f", build {draw.randrange(99)}.{draw.randrange(9)}.{draw.randrange(99999)}.{draw.randrange(9999)}"
    )


def digest(draw: random.Random, at: datetime) -> str:
    return f"sha256 {draw.getrandbits(256):064x} md5 {draw.getrandbits(128):032x} at {int(at.timestamp() * 10**9)}"


def digits_only_uuid(draw: random.Random, at: datetime) -> str:
    fours = "-".join(f"{draw.randrange(10**4):04d}" for _ in range(3))
    return f"job {draw.randrange(10**8):08d}-{fours}-{draw.randrange(10**12):012d} ended with {draw.randrange(256)}"


def key_value(draw: random.Random, at: datetime) -> str:
    return (
        f"ts={int(at.timestamp() * 1000)} trace_id={unlucky(draw, 16)} span#{unlucky(draw, 16)}"
        f" request.{unlucky(draw, 15)} level=info dur={draw.randrange(10**4)}us"
    )


def counters(draw: random.Random, at: datetime) -> str:
    return (
        f"{at:%H:%M:%S} rx:{unlucky(draw, 14)} tx:{unlucky(draw, 13)} drop:{draw.randrange(999)} q_{unlucky(draw, 16)}"
    )


def table(draw: random.Random, at: datetime) -> str:
    return "   ".join(f"{draw.randrange(10**4):4d}" for _ in range(8))


def hex_dump(draw: random.Random, at: datetime) -> str:
    return (
        f"{draw.randrange(4096):08x}: "
        + " ".join(f"{draw.getrandbits(16):04x}" for _ in range(8))
        + "  ................"
    )


def network(draw: random.Random, at: datetime) -> str:
    return (
        f"{at:%Y-%m-%dT%H:%M:%S}.{draw.randrange(10**6):06d}Z 192.168.{draw.randrange(256)}"
        f".{draw.randrange(256)}.{draw.randrange(65536)} > 10.0.0.{draw.randrange(256)}"
        f".443: seq {draw.getrandbits(32)}:{draw.getrandbits(32)}, ack {draw.getrandbits(32)}"
        f", win {draw.randrange(65536)}, length {draw.randrange(1500)}"
    )


KINDS: tuple[Line, ...] = (
    *(hdfs, hdfs_received, bgl, health_app, health_counter, mac, mac_bracket, linux, kernel, spark, openstack, hadoop),
    *(windows, crash, digest, digits_only_uuid, key_value, counters, table, hex_dump, network),
)


def block(kind: Line, seed: int) -> str:
    """Twenty lines of one program, a moment apart."""
    draw = random.Random(f"{kind.__name__}-{seed}")
    at = datetime(2004 + seed % 22, 1 + seed % 12, 1 + seed % 28, seed % 24, seed % 60, seed % 60)
    return "\n".join(kind(draw, at + timedelta(seconds=n * draw.randrange(9))) for n in range(BLOCK_OF_LINES))
