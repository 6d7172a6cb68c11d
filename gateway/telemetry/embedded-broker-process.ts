import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Aedes } from 'aedes';
import type { Client } from 'aedes';
import { SUCCESSOR_CLIENT_ID, mayPublish, signIn } from './broker-access.ts';
import type { BrokerRules } from './broker-access.ts';
import { PacketSizeLimit } from './packet-size-limit.ts';

// The embedded broker's own process. The gateway writes the first line of standard input (settings) and holds the pipe
// open; when the pipe ends without a farewell, the gateway was killed, and this process lives on for a moment so that
// subscribers get the gateway's last will.

/** First line of standard input. */
export interface BrokerSettings extends BrokerRules {
  host: string;
  port: number;
  /** How long to wait for a port that is taken. */
  portWaitMs: number;
}

/** The one line of standard output. */
export type BrokerReport = { ready: true; port: number } | { ready: false; code: string; message: string };

const MAX_CLIENTS = 200;
const MAX_PACKET_BYTES = 512 * 1024;
const LINGER_MS = 10_000;
/** Time for deliveries that are under way before the port is given up. */
const SETTLE_MS = 300;
const PORT_RETRY_MS = 250;

async function main(): Promise<void> {
  process.stdout.on('error', () => undefined);
  process.on('SIGINT', () => undefined);
  const lines = createInterface({ input: process.stdin });
  const settings = await new Promise<BrokerSettings>((resolve) =>
    lines.once('line', (line) => resolve(JSON.parse(line) as BrokerSettings)),
  );
  const life = { ended: false, farewell: false };
  lines.once('line', () => {
    life.farewell = true;
  });
  const ended = new Promise<void>((resolve) => lines.once('close', resolve));
  void ended.then(() => {
    life.ended = true;
  });
  const broker = await startBroker(settings, () => {
    if (life.ended && !life.farewell) setTimeout(() => process.exit(0), SETTLE_MS);
  });
  const server = createServer((socket) => accept(broker, socket));
  server.maxConnections = MAX_CLIENTS;
  try {
    await listen(server, settings);
  } catch (error) {
    report({ ready: false, code: codeOf(error), message: String(error) });
    process.exit(1);
  }
  report({ ready: true, port: (server.address() as AddressInfo).port });
  await ended;
  if (life.farewell) server.close();
  setTimeout(() => process.exit(0), life.farewell ? SETTLE_MS : LINGER_MS);
}

async function startBroker(rules: BrokerRules, onSuccessor: () => void): Promise<Aedes> {
  const gateways = new WeakSet<Client>();
  const broker = await Aedes.createBroker({
    maxClientsIdLength: 128,
    authenticate(client, username, password, done) {
      const who = signIn(rules, client.id, username, password);
      if (who === 'gateway') gateways.add(client);
      if (who === 'refused' && client.id === SUCCESSOR_CLIENT_ID) onSuccessor();
      // Return code 5, "not authorized" (MQTT 3.1.1, section 3.2.2.3).
      done(null, who !== 'refused');
    },
    authorizePublish(client, { topic }, done) {
      const who = client && gateways.has(client) ? 'gateway' : 'guest';
      if (mayPublish(rules, who, topic)) done(null);
      else done(new Error(`publishing on ${topic} is the gateway's own`));
    },
  });
  return broker;
}

function accept(broker: Aedes, socket: Socket): void {
  socket.setNoDelay(true);
  // A client may switch MQTT's keep-alive off; a dead peer is found all the same.
  socket.setKeepAlive(true, 60_000);
  const limit = new PacketSizeLimit(MAX_PACKET_BYTES);
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!(chunk instanceof Uint8Array) || limit.accepts(chunk)) return chunk;
    socket.destroy(new Error(`a packet larger than ${MAX_PACKET_BYTES} bytes was announced`));
    return null;
  };
  broker.handle(socket);
}

/** Waits for the port while the broker of a killed gateway may still hold it, and asks that one to go. */
async function listen(server: Server, { host, port, portWaitMs }: BrokerSettings): Promise<void> {
  const giveUpAt = performance.now() + portWaitMs;
  for (;;) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return;
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE' || performance.now() > giveUpAt) throw error;
      askToYield(host, port);
      await new Promise((resolve) => setTimeout(resolve, PORT_RETRY_MS));
    }
  }
}

/** Sends a bare MQTT 3.1.1 CONNECT; any broker but an orphaned one of ours just refuses it. */
function askToYield(host: string, port: number): void {
  const clientId = Buffer.from(SUCCESSOR_CLIENT_ID);
  const body = Buffer.concat([
    Buffer.from([0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 10, 0, clientId.length]),
    clientId,
  ]);
  const socket = createConnection({ host: host === '0.0.0.0' ? '127.0.0.1' : host, port });
  socket.on('error', () => undefined);
  socket.setTimeout(1000, () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from([0x10, body.length]), body]));
  socket.resume();
}

function report(line: BrokerReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'ERROR';
}

await main();
