"""Counts every frame that an interface sees (AF_PACKET) until stdin closes, then prints one JSON line.

Left out is what the kernel itself tells of an address it has just made: reports of a solicited-node group (RFC 4861
section 7.2.1, RFC 3810) and the look for a double of that address (RFC 4862 section 5.4).
"""
import json
import select
import socket
import sys

ETH_P_ALL = 3
OUTGOING = 4

SOLICITED_NODE = bytes.fromhex("ff0200000000000000000001ff")


def is_kernels(frame):
    if frame[12:14] != b"\x86\xdd":
        return False
    # MLDv2 comes behind a hop-by-hop header of eight bytes, with one group in each report.
    if frame[20:21] == b"\x00" and frame[62:63] == b"\x8f":
        return frame[68:70] == b"\x00\x01" and frame[74:87] == SOLICITED_NODE
    return frame[38:51] == SOLICITED_NODE and frame[22:38] == bytes(16)


witness = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
witness.bind((sys.argv[1], 0))
print("ready", flush=True)
seen = []
while True:
    ready, _, _ = select.select([witness, sys.stdin], [], [])
    if witness in ready:
        frame, address = witness.recvfrom(65535)
        if address[2] != OUTGOING and not is_kernels(frame):
            seen.append(frame[:64].hex())
    if sys.stdin in ready and sys.stdin.readline() == "":
        break
print(json.dumps({"frames": len(seen), "first": seen[:20]}), flush=True)
