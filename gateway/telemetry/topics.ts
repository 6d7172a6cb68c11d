/** A message for the gateway, by its topic. */
export type InboundTopic =
  | { kind: 'tracker-project'; externalId: string }
  | { kind: 'camera-command'; cameraId: string };

/** The topics below one root (`gantry/{gatewayId}` unless configured); immutable. */
export class Topics {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root.replace(/\/+$/, '');
  }

  get root(): string {
    return this.#root;
  }

  get status(): string {
    return `${this.#root}/status`;
  }

  get trackerErrors(): string {
    return `${this.#root}/tracker/errors`;
  }

  cameraHealth(cameraId: string): string {
    return `${this.#root}/cameras/${cameraId}/health`;
  }

  cameraSnapshots(cameraId: string): string {
    return `${this.#root}/cameras/${cameraId}/snapshots`;
  }

  cameraEvents(cameraId: string): string {
    return `${this.#root}/cameras/${cameraId}/events`;
  }

  commandResult(cameraId: string): string {
    return `${this.#root}/cameras/${cameraId}/command/result`;
  }

  evidence(date: string): string {
    return `${this.#root}/evidence/${date}`;
  }

  projectHealth(projectId: string): string {
    return `${this.#root}/projects/${projectId}/health`;
  }

  /** Topic filters that the gateway listens to. */
  get inbound(): string[] {
    return [`${this.#root}/tracker/projects/+`, `${this.#root}/cameras/+/command`];
  }

  /** What an incoming topic means; undefined for any that the gateway does not listen to. */
  parse(topic: string): InboundTopic | undefined {
    if (!topic.startsWith(`${this.#root}/`)) return undefined;
    const [first, second, third, ...rest] = topic.slice(this.#root.length + 1).split('/');
    if (rest.length > 0 || !second || !third) return undefined;
    if (first === 'tracker' && second === 'projects') return { kind: 'tracker-project', externalId: third };
    if (first === 'cameras' && third === 'command') return { kind: 'camera-command', cameraId: second };
    return undefined;
  }
}
