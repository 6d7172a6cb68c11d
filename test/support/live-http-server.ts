import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isGatewayError } from '../../gateway/base/gateway-error.ts';
import type { Rendition } from '../../gateway/contract/live.ts';
import type { LiveStreams } from '../../gateway/packaging/live-streams.ts';

/** Serves LiveStreams as the contract says, without sign-in, so that players can judge it; close it after the test. */
export async function serveLive(live: LiveStreams): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    answer(live, request, response).catch((error: unknown) => {
      const status = isGatewayError(error, 'not-found')
        ? 404
        : isGatewayError(error, 'bad-request')
          ? 400
          : 503;
      response.writeHead(status).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(live: LiveStreams, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, , cameraId = '', rendition = '', name = ''] = url.pathname.split('/');
  const playlist = { 'content-type': 'application/vnd.apple.mpegurl' };
  if (rendition === 'index.m3u8') {
    const text = await live.multivariant(cameraId);
    response.writeHead(200, playlist).end(text);
    return;
  }
  if (name === 'stream.m3u8') {
    const number = (key: string) =>
      url.searchParams.has(key) ? Number(url.searchParams.get(key)) : undefined;
    const query = {
      msn: number('_HLS_msn'),
      part: number('_HLS_part'),
      skip: url.searchParams.get('_HLS_skip') === 'YES',
    };
    const text = await live.playlist(cameraId, rendition as Rendition, query);
    response.writeHead(200, playlist).end(text);
    return;
  }
  const file = await live.file(cameraId, rendition as Rendition, name);
  response.writeHead(200, { 'content-type': file.contentType, 'content-length': file.byteLength });
  for (const chunk of file.chunks) response.write(chunk);
  response.end();
}
