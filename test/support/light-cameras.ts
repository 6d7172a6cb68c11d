/**
 * A program: many small ONVIF devices in one process, each with an address of its own on one interface; ends with its
 * stdin. Answers `state` on stdin with one JSON line: what each was asked, and how many wrong passwords it saw.
 */
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { createInterface } from 'node:readline';
import { FixtureDevice } from '../unit/discovery/fixture-device.ts';

interface LightCameras {
  iface: string;
  ownAddress: string;
  addresses: string[];
  vendor: 'hikvision' | 'dahua' | 'uniview';
  auth: 'digest' | 'wsse';
}

const { iface, ownAddress, addresses, vendor, auth } = JSON.parse(process.argv[2] ?? '{}') as LightCameras;

const uuidOf = (address: string): string =>
  `9a3c5d10-0000-4000-8000-${address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(3, '0'))
    .join('')}`;
const macOf = (address: string): string =>
  `02:00:${address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join(':')}`;

const cameras = await Promise.all(
  addresses.map((host) =>
    new FixtureDevice({
      vendor,
      auth,
      listen: { host, port: 80 },
      identity: { mac: macOf(host), uuid: uuidOf(host) },
    }).start(),
  ),
);

function answer(text: string, address: string): Buffer {
  const id = /MessageID>([^<]+)</.exec(text)?.[1] ?? '';
  return Buffer.from(
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">' +
      `<s:Header><a:RelatesTo>${id}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:${uuidOf(address)}</a:Address></a:EndpointReference>` +
      `<d:Types>dn:NetworkVideoTransmitter</d:Types><d:XAddrs>http://${address}/onvif/device_service</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>`,
  );
}

async function bound(type: 'udp4' | 'udp6', address: string): Promise<Socket> {
  const socket = createSocket({ type, reuseAddr: true });
  await new Promise<void>((resolve) => socket.bind({ address, port: 3702 }, resolve));
  return socket;
}

const own = new Map<string, Socket>();
for (const address of addresses) {
  const socket = await bound('udp4', address);
  socket.on('message', (bytes, from) => reply(socket, address, bytes, from));
  own.set(address, socket);
}
function reply(socket: Socket, address: string, bytes: Buffer, from: RemoteInfo): void {
  const text = bytes.toString('utf8');
  if (/NetworkVideoTransmitter/.test(text)) socket.send(answer(text, address), from.port, from.address);
}

const group = await bound('udp4', '239.255.255.250');
group.addMembership('239.255.255.250', ownAddress);
group.on('message', (bytes, from) => {
  for (const [address, socket] of own) {
    // Spread a little, as devices do (SOAP-over-UDP APP_MAX_DELAY).
    setTimeout(() => reply(socket, address, bytes, from), Math.random() * 500);
  }
});

// The last one answers over IPv6 alone as well: what asks there hears of it from a link-local address.
const group6 = await bound('udp6', `ff02::c%${iface}`);
group6.addMembership('ff02::c', `::%${iface}`);
const last = addresses.at(-1) ?? '';
let askedOverIpv6 = 0;
group6.on('message', (bytes, from) => {
  askedOverIpv6 += 1;
  group6.send(answer(bytes.toString('utf8'), last), from.port, from.address);
});

process.stdout.write('ready\n');
createInterface({ input: process.stdin })
  .on('line', () => {
    const devices = cameras.map(({ refusedSignIns, calls, options }) => ({
      address: options.listen.host,
      refusedSignIns,
      calls: calls.length,
    }));
    process.stdout.write(`${JSON.stringify({ devices, askedOverIpv6 })}\n`);
  })
  .on('close', () => process.exit(0));
