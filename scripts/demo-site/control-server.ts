import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { parseFault } from './camera-fault.ts';
import type { DemoCamera } from './demo-camera.ts';
import { listenOn } from './listen-on.ts';

/** The door for tests: what the cameras are doing, and orders to misbehave. */
export class ControlServer {
  private readonly cameras: readonly DemoCamera[];
  private readonly server: Server;

  constructor(cameras: readonly DemoCamera[]) {
    this.cameras = cameras;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) =>
        this.send(response, 400, { error: String(error) }),
      );
    });
  }

  /** Listens; gives the URL. */
  async start(port: number): Promise<string> {
    return `http://127.0.0.1:${await listenOn(this.server, port, '127.0.0.1', 'control')}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private send(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private stateOf(camera: DemoCamera): unknown {
    const { index, name, endpointId } = camera.definition;
    const { fault, counters, ptz, addresses } = camera;
    return {
      index,
      name,
      endpointId,
      fault: fault.kind,
      ...addresses,
      counters,
      ptz,
      clockMs: camera.clockMs(),
    };
  }

  private authLogAt(url = ''): unknown {
    const index = /^\/cameras\/(\d{1,4})\/auth-log$/.exec(url)?.[1];
    return index === undefined ? undefined : this.cameras[Number(index)]?.authLog;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && request.url === '/state') {
      this.send(response, 200, { cameras: this.cameras.map((camera) => this.stateOf(camera)) });
      return;
    }
    const log = request.method === 'GET' ? this.authLogAt(request.url) : undefined;
    if (log !== undefined) return this.send(response, 200, log);
    const index = /^\/cameras\/(\d{1,4})\/fault$/.exec(request.url ?? '')?.[1];
    const camera = index === undefined ? undefined : this.cameras[Number(index)];
    if (request.method !== 'POST' || camera === undefined) {
      this.send(response, 404, {
        error: 'GET /state, GET /cameras/{index}/auth-log, POST /cameras/{index}/fault',
      });
      return;
    }
    let text = '';
    for await (const chunk of request as AsyncIterable<Buffer>)
      if (text.length < 65_536) text += chunk.toString('utf8');
    const fault = parseFault(JSON.parse(text));
    if (typeof fault === 'string') {
      this.send(response, 400, { error: fault });
      return;
    }
    await camera.misbehave(fault);
    this.send(response, 200, this.stateOf(camera));
  }
}
