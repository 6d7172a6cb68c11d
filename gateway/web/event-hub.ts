import { WebSocket } from 'ws';
import type { Unsubscribe } from '../base/emitter.ts';
import { newId } from '../base/new-id.ts';
import type { CameraMoved } from '../contract/camera-moved.ts';
import type { LiveEvent } from '../contract/events.ts';
import { sees } from './access/principal.ts';
import type { Principal } from './access/principal.ts';
import type { DiscoveryOwners } from './discovery-owners.ts';
import { closeCodes } from './socket-keeper.ts';
import type { WebServices } from './web-services.ts';

/** Someone who lets this much pile up is cut off; the viewer connects anew and asks for the present state. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** What the hub listens to. */
export type EventSources = Pick<
  WebServices,
  | 'cameras'
  | 'projectLights'
  | 'rosters'
  | 'moves'
  | 'discovery'
  | 'snapshots'
  | 'timeline'
  | 'timelapses'
  | 'health'
  | 'warnings'
>;

/** Hands what happens to every open WS /api/v1/events, within the projects of each; one for each server. */
export class EventHub {
  readonly #sources: EventSources;
  readonly #projectView: (projectId: string) => Extract<LiveEvent, { type: 'project' }>['data'] | undefined;
  readonly #owners: DiscoveryOwners;
  readonly #listeners = new Map<WebSocket, Principal>();
  #subscriptions: Unsubscribe[] = [];

  constructor(options: {
    sources: EventSources;
    projectView: (projectId: string) => Extract<LiveEvent, { type: 'project' }>['data'] | undefined;
    owners: DiscoveryOwners;
  }) {
    this.#sources = options.sources;
    this.#projectView = options.projectView;
    this.#owners = options.owners;
  }

  start(): void {
    const { discovery, health, moves, projectLights, rosters, snapshots, timeline, timelapses, warnings } =
      this.#sources;
    this.#subscriptions = [
      health.onHealth((data) => this.#send({ type: 'health', data }, inProject(data.projectId))),
      snapshots.onTaken((data) => this.#sendOfCamera({ type: 'snapshot', data }, data.cameraId)),
      timeline.onChanged((data) => this.#sendOfCamera({ type: 'snapshot', data }, data.cameraId)),
      snapshots.onGap((data) => this.#sendOfCamera({ type: 'snapshot', data }, data.cameraId)),
      timelapses.onUpdate((timelapse) =>
        this.#sendOfCamera({ type: 'job', data: { kind: 'timelapse', ...timelapse } }, timelapse.cameraId),
      ),
      discovery.onUpdate((data) =>
        this.#send({ type: 'discovery', data }, (principal) => this.#owners.maySee(data.id, principal)),
      ),
      moves.onMoved(({ camera, from }) => {
        const { id, projectId, onvif } = camera;
        const told = {
          kind: 'camera-moved',
          state: 'done',
          cameraId: id,
          from,
          to: onvif?.xaddr ?? '',
        } as const;
        const data: CameraMoved = { id: newId('mov'), ...told };
        this.#send({ type: 'job', data }, inProject(projectId));
      }),
      rosters.onProgress(({ ownerId, progress }) =>
        this.#send({ type: 'job', data: progress }, ({ id }) => id === ownerId),
      ),
      projectLights.onChange((projectId) => this.#sendProject(projectId)),
      warnings.onIncident((data) => this.#send({ type: 'incident', data }, inProject(data.projectId))),
    ];
  }

  stop(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#subscriptions = [];
  }

  /** Sends events to the socket until it closes. */
  add(socket: WebSocket, principal: Principal): void {
    this.#listeners.set(socket, principal);
    socket.on('close', () => this.#listeners.delete(socket));
  }

  #sendOfCamera(event: LiveEvent, cameraId: string): void {
    const camera = this.#sources.cameras.get(cameraId);
    this.#send(event, camera ? inProject(camera.projectId) : (principal) => principal.projectIds === null);
  }

  #sendProject(projectId: string): void {
    if (this.#listeners.size === 0) return;
    const data = this.#projectView(projectId);
    if (data) this.#send({ type: 'project', data }, inProject(projectId));
  }

  #send(event: LiveEvent, isFor: (principal: Principal) => boolean): void {
    let text: string | undefined;
    for (const [socket, principal] of this.#listeners) {
      if (!isFor(principal) || socket.readyState !== WebSocket.OPEN) continue;
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
        socket.close(closeCodes.tryAgain, 'too slow');
        socket.terminate();
        continue;
      }
      text ??= JSON.stringify(event);
      socket.send(text);
    }
  }
}

function inProject(projectId: string): (principal: Principal) => boolean {
  return (principal) => sees(principal, projectId);
}
