"""Counts every frame that an interface sees (AF_PACKET) until stdin closes, then prints one JSON line."""
import json
import select
import socket
import sys

ETH_P_ALL = 3
OUTGOING = 4

witness = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
witness.bind((sys.argv[1], 0))
print("ready", flush=True)
seen = []
while True:
    ready, _, _ = select.select([witness, sys.stdin], [], [])
    if witness in ready:
        frame, address = witness.recvfrom(65535)
        if address[2] != OUTGOING:
            seen.append(frame[:64].hex())
    if sys.stdin in ready and sys.stdin.readline() == "":
        break
print(json.dumps({"frames": len(seen), "first": seen[:20]}), flush=True)
