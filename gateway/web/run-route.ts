import express from 'express';
import type { Request, Response } from 'express';
import type { Clock } from '../base/clock.ts';
import { GatewayError, isGatewayError } from '../base/gateway-error.ts';
import type { AuditRequests } from './access/audit-requests.ts';
import { isOwnFault } from './problem.ts';
import { refuseForeignProject } from './route-gate.ts';
import type { Entered, GateRequest, RouteGate } from './route-gate.ts';
import type { AnyContext, HttpRoute, Payload, ReplySpec } from './route.ts';
import { validateInput } from './validate-input.ts';
import { writePayload } from './write-payload.ts';

const parseJson = express.json({ limit: '1mb', type: 'application/json' });

/** What running a route takes beside the route. */
export interface RunOptions {
  clock: Clock;
  gate: RouteGate;
  audit: AuditRequests;
  /** Checks every reply against its schema: on in tests, off in service. */
  validateReplies: boolean;
}

/** The express handler of a route: gate, body, handler, reply; what is thrown goes to the error handler. */
export function runRoute(route: HttpRoute, { clock, gate, audit, validateReplies }: RunOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const entered = await gate.enter(route, gateRequest(request));
    const body = route.body && validateInput(route.body, await readBody(request, response), 'body');
    refuseForeignProject(entered.principal, body);
    const context = contextOf(request, response, entered, body);
    const result = await handled(route, context, audit);
    if (request.method !== 'HEAD') await audit.done(route, context, result);
    if (response.destroyed) return;
    if (route.reply.kind === 'bytes') await writePayload(request, response, result as Payload, clock);
    else writeJson(response, route.reply, result, validateReplies ? `${route.method} ${route.path}` : null);
  };
}

/** Runs the handler; what breaks off through a fault of ours is written down before it is thrown on. */
async function handled(route: HttpRoute, context: AnyContext, audit: AuditRequests): Promise<unknown> {
  try {
    return await route.handle(context);
  } catch (error) {
    if (isOwnFault(error)) {
      // The first fault is the one to tell of.
      await audit
        .broken(route, context, isGatewayError(error) ? error.code : 'internal')
        .catch(() => undefined);
    }
    throw error;
  }
}

/** What the gate looks at of an express request. */
export function gateRequest(request: Request): GateRequest {
  return {
    headers: request.headers,
    host: request.host,
    peerAddress: request.socket.remoteAddress ?? '',
    params: { ...request.params },
    query: { ...request.query },
  };
}

function contextOf(request: Request, response: Response, entered: Entered, body: unknown): AnyContext {
  return {
    ...entered,
    body: body ?? undefined,
    headers: request.headers,
    address: request.ip ?? '',
    secure: request.secure,
    host: request.host ?? '',
    setHeader: (name, value) => response.setHeader(name, value),
    setStatus: (status) => response.status(status),
  };
}

/** Reads the body only now, when the caller has passed the gate. Throws as the parser does, or `bad-request`. */
async function readBody(request: Request, response: Response): Promise<unknown> {
  if (!request.is('application/json'))
    throw new GatewayError('bad-request', 'send a JSON body with Content-Type: application/json');
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
  return request.body;
}

function writeJson(
  response: Response,
  reply: Exclude<ReplySpec, { kind: 'bytes' }>,
  result: unknown,
  validateAs: string | null,
): void {
  if (!response.hasHeader('cache-control')) response.setHeader('cache-control', 'no-store');
  if (reply.kind === 'empty') {
    response.status(204).end();
    return;
  }
  if (validateAs !== null) requireTrueReply(reply.schema.safeParse(result), validateAs);
  if (response.statusCode === 200) response.status(reply.statuses[0] ?? 200);
  const text = JSON.stringify(result);
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

function requireTrueReply(result: { success: boolean; error?: unknown }, route: string): void {
  if (result.success) return;
  throw new GatewayError(
    'internal',
    `the reply of ${route} does not match its schema: ${String(result.error)}`,
  );
}
