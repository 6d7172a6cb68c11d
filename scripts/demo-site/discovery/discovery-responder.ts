import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  answerMessage,
  byeMessage,
  concerns,
  helloMessage,
  parseQuestion,
  type DiscoveredDevice,
} from './discovery-message.ts';

const group = '239.255.255.250';
const port = 3702;

/** Answers WS-Discovery for all cameras on the interface of the site's own address only, one message a camera; one socket. */
export class DiscoveryResponder {
  private readonly devices: () => readonly DiscoveredDevice[];
  private readonly host: string;
  private readonly log: (line: string) => void;
  private socket: Socket | undefined;

  /** `devices` gives those that are there at the moment; `host` is the site's IPv4 address. */
  constructor(devices: () => readonly DiscoveredDevice[], host: string, log: (line: string) => void) {
    this.devices = devices;
    this.host = host;
    this.log = log;
  }

  /** Joins the group and says hello; a machine without multicast on the loopback is logged, not fatal. */
  async start(): Promise<void> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    this.socket = socket;
    try {
      const listening = once(socket, 'listening');
      socket.bind(port);
      await listening;
      socket.addMembership(group, this.host);
      socket.setMulticastInterface(this.host);
      socket.setMulticastLoopback(true);
    } catch (error) {
      this.log(
        `WS-Discovery is off: ${(error as Error).message}. The cameras can still be reached by address.`,
      );
      return;
    }
    socket.on('error', (error) => this.log(`WS-Discovery: ${error.message}`));
    socket.on('message', (bytes, from) => this.answer(bytes, from.address, from.port));
    await Promise.all(this.devices().map((device) => this.send(helloMessage(device), port, group)));
  }

  /** Says goodbye and leaves. */
  async stop(): Promise<void> {
    await Promise.all(this.devices().map((device) => this.send(byeMessage(device), port, group)));
    this.socket?.close();
    this.socket = undefined;
  }

  private answer(bytes: Buffer, address: string, fromPort: number): void {
    const isNear = address.startsWith('127.') || !this.host.startsWith('127.');
    if (!isNear || bytes.length > 32_768) return;
    const question = parseQuestion(bytes.toString('utf8'));
    if (question === undefined) return;
    for (const device of this.devices()) {
      if (concerns(question, device)) void this.send(answerMessage(question, device), fromPort, address);
    }
  }

  private async send(text: string, toPort: number, address: string): Promise<void> {
    const { socket } = this;
    if (socket === undefined) return;
    await new Promise<void>((resolve) => {
      socket.send(Buffer.from(text), toPort, address, (error) => {
        if (error !== null) this.log(`WS-Discovery: ${error.message}`);
        resolve();
      });
    });
  }
}
