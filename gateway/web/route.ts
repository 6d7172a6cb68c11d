import type { IncomingHttpHeaders } from 'node:http';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Role } from '../contract/user.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CameraRecord } from '../fleet/camera-record.ts';
import type { ProjectRecord } from '../fleet/project-record.ts';
import type { Principal } from './access/principal.ts';
import type { OpenShare } from './access/shares.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Who may use a route: anyone, these roles, or an admin and whoever asks from this machine itself. */
export type RouteAccess = 'public' | 'admin-or-loopback' | readonly Role[];

/**
 * Where the project of a request is found. `camera`, `project` and `snapshot` load the thing that a path parameter names
 * before the handler runs, and refuse it outside the principal's projects; `list` and `own` leave it to the handler, which
 * must filter by the principal; `share` is what a link's secret opens, and nothing else; `nothing` is not bound to any
 * project.
 */
export type RouteScope =
  | { in: 'camera'; param: string; foreign: 'not-found' | 'forbidden' }
  | { in: 'project'; param: string }
  | { in: 'snapshot'; param: string }
  | { in: 'share'; param: string; kind: 'live' | 'pair' | 'any' }
  | { in: 'list' }
  | { in: 'own' }
  | { in: 'nothing' };

/** A body of bytes: the chunks are written as they are, and belong to whoever made them. */
export interface Payload {
  contentType: string;
  /** Asynchronous ones are asked for as the client takes them. */
  chunks: readonly Uint8Array[] | AsyncIterable<Uint8Array>;
  /** Null when it is not known before the end. */
  byteLength: number | null;
  /** The bytes from `start` to before `end`: range requests are answered. Wants `byteLength`. */
  range?: (start: number, end: number) => AsyncIterable<Uint8Array>;
  headers?: Record<string, string>;
  /** Strong entity tag without quotes; a matching If-None-Match is answered 304. */
  etag?: string;
  /** ms since 1970, for Last-Modified and If-Modified-Since. */
  modifiedAtMs?: number;
  /** Called once the chunks are not needed any more. */
  release?: () => void;
}

/** What a handler knows of its request; lives as long as the request. */
export interface RouteContext<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  headers: IncomingHttpHeaders;
  /** The caller's address, after a trusted proxy. */
  address: string;
  /** True when the caller came over TLS. */
  secure: boolean;
  /** Host and port that the caller asked for. */
  host: string;
  /** Null on public routes without sign-in, and for the loopback on `admin-or-loopback`. */
  principal: Principal | null;
  /** What the scope loaded. */
  camera?: CameraRecord;
  project?: ProjectRecord;
  snapshot?: Snapshot;
  share?: OpenShare;
  setHeader: (name: string, value: string) => void;
  setStatus: (status: number) => void;
}

export type AnyContext = RouteContext<unknown, unknown, unknown>;

interface RouteBase {
  path: string;
  summary: string;
  tag: string;
  access: RouteAccess;
  scope: RouteScope;
  params: z.ZodObject;
  query: z.ZodObject;
}

/** What a route answers with when all goes well. */
export type ReplySpec =
  | { kind: 'json'; statuses: readonly number[]; schema: z.ZodType }
  | { kind: 'empty' }
  /** `documents` is the shape of the JSON among the types. */
  | { kind: 'bytes'; contentTypes: readonly string[]; documents?: z.ZodType };

/** A file as the body of a request: as it is, or as the one file of a form (multipart/form-data). */
export interface FileBody {
  contentTypes: readonly string[];
  maxBytes: number;
}

/** One HTTP route: express, validation, OpenAPI and the access matrix all come from it. */
export interface HttpRoute extends RouteBase {
  kind: 'http';
  method: Method;
  body: z.ZodType | null;
  /** A body of bytes instead of JSON: the handler gets it as a Buffer. */
  file: FileBody | null;
  reply: ReplySpec;
  handle(context: AnyContext): Promise<unknown>;
}

/** One WebSocket route; `open` runs after the same checks as an HTTP route. */
export interface SocketRoute extends RouteBase {
  kind: 'socket';
  method: 'get';
  open(context: AnyContext, socket: WebSocket): void;
}

export type Route = HttpRoute | SocketRoute;

const nothing = z.strictObject({});
type Nothing = typeof nothing;

interface Declaration<Params extends z.ZodObject, Query extends z.ZodObject> {
  path: string;
  summary: string;
  tag: string;
  access: RouteAccess;
  scope: RouteScope;
  /** Path parameters; every one in the path must be here. */
  params?: Params;
  query?: Query;
}

interface HttpDeclaration<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Result,
> extends Declaration<Params, Query> {
  method: Method;
  body?: Body;
  handle(context: RouteContext<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<Result> | Result;
}

/** Declares a route that answers JSON of the given schema; `statuses` names the one sent (the first) and others. */
export function jsonRoute<
  Reply extends z.ZodType,
  Params extends z.ZodObject = Nothing,
  Query extends z.ZodObject = Nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(
  declaration: HttpDeclaration<Params, Query, Body, z.input<Reply>> & {
    reply: Reply;
    statuses?: readonly number[];
  },
): HttpRoute {
  const { reply, statuses = [200], ...rest } = declaration;
  return httpRoute(rest, { kind: 'json', schema: reply, statuses });
}

/** Declares a route whose body is a file, and which answers JSON. */
export function fileRoute<
  Reply extends z.ZodType,
  Params extends z.ZodObject = Nothing,
  Query extends z.ZodObject = Nothing,
>(
  declaration: HttpDeclaration<Params, Query, z.ZodType<Buffer>, z.input<Reply>> & {
    reply: Reply;
    file: FileBody;
  },
): HttpRoute {
  const { reply, file, ...rest } = declaration;
  return { ...httpRoute(rest, { kind: 'json', schema: reply, statuses: [200] }), file };
}

/** Declares a route that answers 204 without a body. */
export function emptyRoute<
  Params extends z.ZodObject = Nothing,
  Query extends z.ZodObject = Nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(declaration: HttpDeclaration<Params, Query, Body, void>): HttpRoute {
  return httpRoute(declaration, { kind: 'empty' });
}

/** Declares a route that answers bytes of one of the given types. */
export function bytesRoute<
  Params extends z.ZodObject = Nothing,
  Query extends z.ZodObject = Nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(
  declaration: HttpDeclaration<Params, Query, Body, Payload> & {
    contentTypes: readonly string[];
    documents?: z.ZodType;
  },
): HttpRoute {
  const { contentTypes, documents, ...rest } = declaration;
  return httpRoute(rest, { kind: 'bytes', contentTypes, documents });
}

/** Declares a WebSocket route. */
export function socketRoute<Params extends z.ZodObject = Nothing, Query extends z.ZodObject = Nothing>(
  declaration: Declaration<Params, Query> & {
    open(context: RouteContext<z.output<Params>, z.output<Query>, undefined>, socket: WebSocket): void;
  },
): SocketRoute {
  return {
    params: nothing,
    query: nothing,
    ...declaration,
    kind: 'socket',
    method: 'get',
    open: (context, socket) => declaration.open(context as never, socket),
  };
}

function httpRoute<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType, Result>(
  declaration: HttpDeclaration<Params, Query, Body, Result>,
  reply: ReplySpec,
): HttpRoute {
  return {
    params: nothing,
    query: nothing,
    ...declaration,
    kind: 'http',
    body: declaration.body ?? null,
    file: null,
    reply,
    // The context holds what these very schemas let through.
    handle: async (context) => declaration.handle(context as never),
  };
}
