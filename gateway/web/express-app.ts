import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler, Response } from 'express';
import { ErrorTally } from '../base/error-tally.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import { isOwnFault, problemReply } from './problem.ts';
import { isLivePath, requestLimits } from './request-limits.ts';
import type { RequestLimits } from './request-limits.ts';
import type { Route } from './route.ts';
import { gateRequest, runRoute } from './run-route.ts';
import type { RunOptions } from './run-route.ts';
import { securityHeaders } from './security-headers.ts';

/** What the express app is built from. */
export interface ExpressAppOptions extends RunOptions {
  logger: Logger;
  trustProxy: boolean;
  routes: readonly Route[];
  limits: RequestLimits;
  /** Serves the viewer's files; calls next for what it does not have. */
  viewer: RequestHandler;
  /** Told of each reply, for the metrics. */
  onReply: (status: number) => void;
}

/** The express app over the route table; has no sockets of its own. `tally` counts its faults and is stopped by the owner. */
export function expressApp(options: ExpressAppOptions): { app: Express; tally: ErrorTally } {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  // One proxy: the address is what that proxy saw, not what its client claims.
  app.set('trust proxy', options.trustProxy ? 1 : false);
  app.enable('case sensitive routing');
  app.use((_request, response, next) => {
    response.once('finish', () => options.onReply(response.statusCode));
    next();
  });
  app.use(securityHeaders());
  app.use(requestLimits(options.limits));
  mountRoutes(app, options);
  app.use(options.viewer);
  app.use((request) => {
    throw new GatewayError('not-found', `there is nothing at ${request.path.slice(0, 200)}`);
  });
  const tally = new ErrorTally(options.clock, (route, count, message) =>
    options.logger.error({ route, count }, `a request failed: ${message}`),
  );
  app.use(errorHandler(options.logger, tally));
  return { app, tally };
}

function mountRoutes(app: Express, options: ExpressAppOptions): void {
  const paths = Map.groupBy(options.routes, (route) => route.path);
  // Players ask many times a second, and express tries one path after another: live ones first.
  for (const [path, routes] of [...paths].sort(([a], [b]) => Number(isLivePath(b)) - Number(isLivePath(a)))) {
    const expressPath = path.replaceAll(/\{(\w+)\}/g, ':$1');
    for (const route of routes) {
      if (route.kind === 'http') app[route.method](expressPath, runRoute(route, options));
      else app.get(expressPath, refusePlainRequest(route, options.gate));
    }
    app.all(expressPath, refuseMethod(routes));
  }
}

/** Other methods of a known path: OPTIONS is answered (without CORS: pages of other sites have no business here). */
function refuseMethod(routes: readonly Route[]): RequestHandler {
  const methods = routes.flatMap(({ method }) =>
    method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  );
  const allow = [...methods, 'OPTIONS'].join(', ');
  return (request, response) => {
    if (request.method === 'OPTIONS') {
      response.setHeader('allow', allow);
      response.status(204).end();
      return;
    }
    throw new GatewayError('method-not-allowed', `${request.method} is not possible here, only ${allow}`, {
      details: { allow },
    });
  };
}

/** A GET without upgrade is told so after the gate, so that it learns no more than over a WebSocket. */
function refusePlainRequest(route: Route, gate: RunOptions['gate']): RequestHandler {
  return async (request) => {
    await gate.enter(route, gateRequest(request));
    throw new GatewayError('bad-request', 'open this address as a WebSocket');
  };
}

function errorHandler(logger: Logger, tally: ErrorTally): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    if (isOwnFault(error)) {
      const route = `${request.method} ${request.route ? String((request.route as { path: unknown }).path) : '?'}`;
      logger.debug({ err: error, route }, 'a request failed');
      tally.add(route, describe(error));
    }
    // Half a reply is out: only cutting it off tells the client that it is not whole.
    if (response.headersSent) response.destroy();
    else writeProblem(response, error);
  };
}

function writeProblem(response: Response, error: unknown): void {
  const { status, headers, body } = problemReply(error);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const text = JSON.stringify(body);
  response.setHeader('content-length', Buffer.byteLength(text));
  response.status(status).end(text);
}

/** One line with the chain of causes. */
function describe(error: unknown): string {
  const parts: string[] = [];
  for (let cause = error; cause !== undefined && parts.length < 5;) {
    parts.push(cause instanceof Error ? cause.message : 'something that is no error was thrown');
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return parts.join(': ');
}
