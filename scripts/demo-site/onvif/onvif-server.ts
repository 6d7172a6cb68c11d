import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { join } from 'node:path';
import { checkBasic, DigestGate, type AuthOutcome } from '../auth/http-digest.ts';
import { WsSecurityGate } from '../auth/ws-security.ts';
import type { DemoCamera } from '../demo-camera.ts';
import { listenOn } from '../listen-on.ts';
import { deviceService, openOperations } from './device-service.ts';
import { media2Service } from './media2-service.ts';
import { mediaService } from './media-service.ts';
import { ptzService } from './ptz-service.ts';
import { servicePaths } from './service-addresses.ts';
import { snapshotPicture } from './snapshot-picture.ts';
import { envelope, SoapFault } from './soap-reply.ts';
import { parseSoapRequest, type SoapRequest, type XmlNode } from './soap-request.ts';

const bodyLimit = 1024 * 1024;

const services: Record<string, (camera: DemoCamera, operation: string, parameters: XmlNode) => string> = {
  [servicePaths.device]: deviceService,
  [servicePaths.media]: mediaService,
  [servicePaths.media2]: media2Service,
  [servicePaths.ptz]: ptzService,
};

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A camera's HTTP server: its ONVIF services (SOAP 1.2) and its snapshot picture. */
export class OnvifServer {
  private readonly camera: DemoCamera;
  private readonly server: Server;
  private readonly digest: DigestGate;
  private readonly wsSecurity = new WsSecurityGate();
  /** Whether the request now refused had passed HTTP Digest. */
  private digestPassed = false;
  private readonly clockText: (unixMs: number) => string;

  constructor(camera: DemoCamera, clockText: (unixMs: number) => string) {
    this.camera = camera;
    this.clockText = clockText;
    const { make, serial, codec } = camera.definition;
    const algorithms = codec === 'h265' ? (['SHA-256', 'MD5'] as const) : (['MD5'] as const);
    this.digest = new DigestGate(`${make} ${serial}`, algorithms, true);
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      this.answer(request, response).catch(() => response.destroy());
    };
    this.server = camera.definition.tls ? createTlsServer(certificate(1), listener) : createServer(listener);
  }

  /** Listens; gives the port. */
  async start(port: number, host: string): Promise<number> {
    this.server.on('connection', (socket) => {
      if (this.camera.fault.kind === 'offline') socket.resetAndDestroy();
    });
    this.camera.on('fault', ({ kind }) => {
      if (kind === 'offline') this.server.closeAllConnections();
      if (this.server instanceof TlsServer)
        this.server.setSecureContext(certificate(kind === 'otherCertificate' ? 2 : 1));
    });
    return listenOn(this.server, port, host, `ONVIF of camera ${this.camera.definition.index}`);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { fault, counters } = this.camera;
    counters.onvifRequests += 1;
    if (fault.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    const path = (request.url ?? '/').split('?')[0]!;
    if (path === servicePaths.snapshot && request.method === 'GET') return this.snapshot(request, response);
    const service = services[path];
    const lacksMedia1 = path === servicePaths.media && this.camera.definition.media === 'media2';
    const lacksMedia2 = path === servicePaths.media2 && this.camera.definition.media === 'media1';
    if (service === undefined || lacksMedia1 || lacksMedia2 || request.method !== 'POST') {
      response.writeHead(request.method === 'POST' ? 404 : 405).end();
      return;
    }
    const body = await bodyOf(request);
    if (body === undefined) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    this.soap(request, response, service, parseSoapRequest(body));
  }

  private soap(
    request: IncomingMessage,
    response: ServerResponse,
    service: (camera: DemoCamera, operation: string, parameters: XmlNode) => string,
    call: SoapRequest | undefined,
  ): void {
    try {
      if (call === undefined) {
        // A client asking for the Digest challenge may send its first request empty.
        if (request.headers.authorization === undefined && request.headers['content-length'] === '0') {
          this.refuse(response);
          return;
        }
        throw new SoapFault(
          'Sender',
          ['ter:WellFormed'],
          'The request is not a well-formed SOAP 1.2 message.',
        );
      }
      if (!this.isOpen(call.operation) && !this.lets(request, call)) {
        this.refuse(response);
        return;
      }
      this.send(response, 200, envelope(service(this.camera, call.operation, call.parameters)));
    } catch (error) {
      if (!(error instanceof SoapFault)) throw error;
      this.send(response, error.code === 'Sender' ? 400 : 500, error.toXml());
    }
  }

  private isOpen(operation: string): boolean {
    // One make asks for the password everywhere but for the clock, as many do against the specification.
    return (
      operation === 'GetSystemDateAndTime' ||
      (this.camera.definition.onvifAuth !== 'wsse' && openOperations.has(operation))
    );
  }

  private lets(request: IncomingMessage, call: SoapRequest): boolean {
    const { account, definition, counters, authLog } = this.camera;
    const { onvifAuth } = definition;
    const outcomes: AuthOutcome[] = [];
    if (onvifAuth !== 'wsse') {
      outcomes.push(this.digest.check(request.headers.authorization, 'POST', account));
      authLog.add('onvif', 'digest', outcomes[0]!);
    }
    // Who passed the door of HTTP without a token is asked for it by the SOAP layer.
    if (onvifAuth !== 'digest' && !(onvifAuth === 'together' && outcomes[0] !== 'ok')) {
      outcomes.push(this.wsSecurity.check(call.token, account, this.camera.clockMs()));
      authLog.add('onvif', 'wsse', outcomes.at(-1)!);
    }
    const wanted = onvifAuth === 'together' ? 2 : 1;
    if (outcomes.filter((outcome) => outcome === 'ok').length >= wanted) return true;
    if (outcomes.includes('wrong')) counters.onvifAuthFailures += 1;
    this.digestPassed = outcomes[0] === 'ok';
    return false;
  }

  private refuse(response: ServerResponse): void {
    const fault = new SoapFault('Sender', ['ter:NotAuthorized'], 'Sender not authorized');
    const { onvifAuth } = this.camera.definition;
    if (onvifAuth === 'wsse' || (onvifAuth === 'together' && this.digestPassed)) {
      this.send(response, 400, fault.toXml());
      return;
    }
    response.setHeader('WWW-Authenticate', this.digest.challenges());
    this.send(response, 401, fault.toXml());
  }

  private send(response: ServerResponse, status: number, xml: string): void {
    const body = Buffer.from(xml);
    response
      // In the letters that devices use: some clients do not know them otherwise.
      .writeHead(status, {
        'Content-Type': 'application/soap+xml; charset=utf-8',
        'Content-Length': body.length,
      })
      .end(body);
  }

  private async snapshot(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { account, definition, counters, authLog } = this.camera;
    const header = request.headers.authorization;
    const outcome = definition.rtspBasic
      ? checkBasic(header, account)
      : this.digest.check(header, 'GET', account);
    authLog.add('snapshot', definition.rtspBasic ? 'basic' : 'digest', outcome);
    if (outcome !== 'ok') {
      if (outcome === 'wrong') counters.onvifAuthFailures += 1;
      const challenge = definition.rtspBasic
        ? `Basic realm="${definition.make}"`
        : this.digest.challenges(outcome === 'stale');
      response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
      return;
    }
    const picture = await snapshotPicture(this.camera, this.clockText(this.camera.clockMs()));
    response
      .writeHead(200, {
        'content-type': 'image/jpeg',
        'content-length': picture.length,
        'cache-control': 'no-store',
      })
      .end(picture);
  }
}

/** One of the two self-signed certificates: that of the start, and the one after it was changed. */
function certificate(number: 1 | 2): { key: Buffer; cert: Buffer } {
  const pem = readFileSync(join(import.meta.dirname, `../auth/self-signed-${number}.pem`));
  return { key: pem, cert: pem };
}
