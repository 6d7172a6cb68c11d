import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../base/gateway-error.ts';
import type { CameraRecord } from '../fleet/camera-record.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { ProjectRecord } from '../fleet/project-record.ts';
import type { Authenticated, Authenticator } from './access/authenticator.ts';
import { sees } from './access/principal.ts';
import { sharePrincipal } from './access/share-principal.ts';
import type { OpenShare } from './access/shares.ts';
import type { Principal } from './access/principal.ts';
import { isSameOrigin } from './access/same-origin.ts';
import { isLocalRequest } from './is-local-request.ts';
import type { Route, RouteScope } from './route.ts';
import { validateInput } from './validate-input.ts';

/** A request as the gate sees it, over HTTP or as a WebSocket's handshake. */
export interface GateRequest {
  headers: IncomingHttpHeaders;
  /** Host that the browser asked for, with its port. */
  host: string | undefined;
  /** The other end of the connection itself, whatever headers say. */
  peerAddress: string;
  params: unknown;
  query: unknown;
}

/** What passed the gate. */
export interface Entered {
  principal: Principal | null;
  params: unknown;
  query: unknown;
  camera?: CameraRecord;
  project?: ProjectRecord;
  snapshot?: Snapshot;
  share?: OpenShare;
}

/** Where the gate looks up what a path names. */
export interface GateLookups {
  camera(id: string): CameraRecord | undefined;
  project(id: string): ProjectRecord | undefined;
  snapshot(id: string): Promise<Snapshot | undefined>;
  share(secret: string): Promise<OpenShare | undefined>;
}

/** The checks that every request passes before its handler, in one order: who, from where, what role, which project. */
export class RouteGate {
  readonly #authenticator: Pick<Authenticator, 'authenticate'>;
  readonly #lookups: GateLookups;

  constructor(authenticator: Pick<Authenticator, 'authenticate'>, lookups: GateLookups) {
    this.#authenticator = authenticator;
    this.#lookups = lookups;
  }

  /** Throws `unauthenticated`, `forbidden`, `not-found` or `bad-request`. */
  async enter(route: Route, request: GateRequest): Promise<Entered> {
    const authenticated = await this.#authenticator.authenticate(request.headers);
    refuseForged(route, request, authenticated);
    const principal = requireAccess(route, request, authenticated?.principal ?? null);
    const params = validateInput(route.params, request.params, 'path') as Record<string, string>;
    const things = await this.#load(route.scope, params, principal);
    const query = validateInput(route.query, request.query, 'query');
    const { share } = things;
    // Whoever comes by a link is the link's holder there, be they signed in or not.
    return { principal: share ? sharePrincipal(share) : principal, params, query, ...things };
  }

  async #load(
    scope: RouteScope,
    params: Record<string, string>,
    principal: Principal | null,
  ): Promise<Pick<Entered, 'camera' | 'project' | 'snapshot' | 'share'>> {
    switch (scope.in) {
      case 'camera':
        return { camera: this.#camera(params[scope.param] ?? '', principal, scope.foreign) };
      case 'project':
        return { project: this.#project(params[scope.param] ?? '', principal) };
      case 'snapshot':
        return { snapshot: await this.#snapshot(params[scope.param] ?? '', principal) };
      case 'share':
        return this.#share(params[scope.param] ?? '', scope.kind);
      case 'list':
      case 'own':
      case 'nothing':
        return {};
      default:
        return scope satisfies never;
    }
  }

  /** One answer for links unknown, ended, revoked, and of another kind. */
  async #share(secret: string, kind: 'live' | 'pair' | 'any'): Promise<Pick<Entered, 'share' | 'camera'>> {
    const share = await this.#lookups.share(secret);
    if (share && (kind === 'any' || share.target.kind === kind)) {
      if (share.target.kind === 'pair') return { share };
      const camera = this.#lookups.camera(share.target.cameraId);
      if (camera) return { share, camera };
    }
    throw new GatewayError('not-found', 'this link has ended or was withdrawn');
  }

  #camera(id: string, principal: Principal | null, foreign: 'not-found' | 'forbidden'): CameraRecord {
    const camera = this.#lookups.camera(id);
    if (camera && principal && sees(principal, camera.projectId)) return camera;
    if (camera && foreign === 'forbidden')
      throw new GatewayError('forbidden', 'this camera belongs to a project that you may not see');
    throw new GatewayError('not-found', `there is no camera ${id}`);
  }

  #project(id: string, principal: Principal | null): ProjectRecord {
    const project = this.#lookups.project(id);
    if (project && principal && sees(principal, project.id)) return project;
    throw new GatewayError('not-found', `there is no project ${id}`);
  }

  /** Pictures of a camera that is no longer registered belong to no project: only an admin sees them. */
  async #snapshot(id: string, principal: Principal | null): Promise<Snapshot> {
    const snapshot = await this.#lookups.snapshot(id);
    const projectId = snapshot && this.#lookups.camera(snapshot.cameraId)?.projectId;
    if (snapshot && principal && (principal.projectIds === null || (projectId && sees(principal, projectId))))
      return snapshot;
    throw new GatewayError('not-found', `there is no snapshot ${id}`);
  }
}

/** Refuses a body that names a project outside the principal's, on whatever route. Throws `not-found`. */
export function refuseForeignProject(principal: Principal | null, body: unknown): void {
  if (typeof body !== 'object' || body === null || !('projectId' in body)) return;
  const { projectId } = body;
  if (typeof projectId === 'string' && !(principal && sees(principal, projectId)))
    throw new GatewayError('not-found', `there is no project ${projectId}`);
}

/** Browsers send cookies with requests that other sites' pages make; a token is sent only on purpose. */
function refuseForged(route: Route, request: GateRequest, authenticated: Authenticated | null): void {
  const safe = route.kind === 'http' && route.method === 'get';
  if (safe || authenticated?.by === 'bearer' || route.scope.in === 'share') return;
  if (!isSameOrigin(request.headers, request.host))
    throw new GatewayError('forbidden', 'this request comes from a page of another site');
}

function requireAccess(route: Route, request: GateRequest, principal: Principal | null): Principal | null {
  if (route.access === 'public') return principal;
  if (route.access === 'admin-or-loopback' && isLocalRequest(request)) return principal;
  const allowed = route.access === 'admin-or-loopback' ? ['admin'] : route.access;
  if (!principal) throw new GatewayError('unauthenticated', 'sign in, or send a valid token');
  if (!allowed.some((role) => role === principal.role))
    throw new GatewayError('forbidden', `a user with the role ${principal.role} may not do this`);
  return principal;
}
