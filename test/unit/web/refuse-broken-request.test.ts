import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseBrokenRequest } from '../../../gateway/web/refuse-broken-request.ts';

let server: Server;
beforeAll(async () => {
  server = createServer(
    { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 },
    (_request, response) => response.end('fine'),
  );
  server.on('clientError', refuseBrokenRequest);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** All that the server says on a connection on which `sent` is said. */
async function answerTo(sent: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  if (sent !== '') socket.write(sent);
  return text(socket);
}

describe('a connection without a whole request', () => {
  it('that was opened in stock is closed without a word', async () => {
    expect(await answerTo('')).toBe('');
  });

  it('that began one and never ended it is told that time is up', async () => {
    expect(await answerTo('GET / HTTP/1.1\r\nHost: gantry\r\n')).toMatch(/^HTTP\/1.1 408 Request Timeout/);
  });

  it('that is no HTTP is told so', async () => {
    expect(await answerTo('\x16\x03\x01 hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request/);
  });
});
