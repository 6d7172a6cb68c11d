import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';

export interface FixtureAnswer {
  /** `urn:uuid:…` or whatever the device writes; left out when empty. */
  endpointId: string;
  types?: string;
  scopes?: string;
  xaddrs: string;
}

/** Answers WS-Discovery probes on the loopback like devices on the site's network; keeps the probes that came. */
export class FixtureResponder {
  readonly probes: { id: string; types: string; fromPort: number }[] = [];
  readonly #answers: readonly (FixtureAnswer | Buffer)[];
  readonly #socket: Socket = createSocket({ type: 'udp4', reuseAddr: true });
  /** Sends the answers. */
  #sender: Socket = this.#socket;

  constructor(answers: readonly (FixtureAnswer | Buffer)[]) {
    this.#answers = answers;
  }

  /** `from`: an address of its own that the answers come from. */
  async start(from?: string): Promise<this> {
    if (from !== undefined) {
      this.#sender = createSocket('udp4');
      this.#sender.bind(0, from);
      await once(this.#sender, 'listening');
    }
    this.#socket.on('message', (datagram, from) => {
      const text = datagram.toString('utf8');
      const id = /MessageID>([^<]+)</.exec(text)?.[1] ?? '';
      if (!text.includes('Probe>')) return;
      const types = /Types>([^<]+)</.exec(text)?.[1] ?? '';
      this.probes.push({ id, types, fromPort: from.port });
      for (const answer of this.#answers) {
        const bytes = Buffer.isBuffer(answer) ? answer : Buffer.from(probeMatches(id, answer));
        this.#sender.send(bytes, from.port, from.address);
      }
    });
    this.#socket.bind(3702);
    await once(this.#socket, 'listening');
    this.#socket.addMembership('239.255.255.250', '127.0.0.1');
    return this;
  }

  /** Calls out Hello or Bye to all who listen on the loopback. */
  call(kind: 'Hello' | 'Bye', answer: FixtureAnswer): void {
    this.#socket.setMulticastInterface('127.0.0.1');
    const text = probeMatches('', answer).replaceAll(/d:ProbeMatches>/g, `d:${kind}s>`);
    const announced = text
      .replaceAll(new RegExp(`</?d:${kind}s>`, 'g'), '')
      .replaceAll('d:ProbeMatch>', `d:${kind}>`);
    this.#socket.send(Buffer.from(announced), 3702, '239.255.255.250');
  }

  stop(): void {
    if (this.#sender !== this.#socket) this.#sender.close();
    this.#socket.close();
  }
}

function probeMatches(relatesTo: string, { endpointId, types, scopes, xaddrs }: FixtureAnswer): string {
  return (
    '<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">' +
    `<SOAP-ENV:Header><wsa:RelatesTo>${relatesTo}</wsa:RelatesTo></SOAP-ENV:Header><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch>` +
    `<wsa:EndpointReference><wsa:Address>${endpointId}</wsa:Address></wsa:EndpointReference>` +
    `${types === undefined ? '' : `<d:Types>${types}</d:Types>`}${scopes === undefined ? '' : `<d:Scopes>${scopes}</d:Scopes>`}` +
    `<d:XAddrs>${xaddrs}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>`
  );
}
