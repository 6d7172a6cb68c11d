import type { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { toRfc3339 } from '../base/clock.ts';
import type { ErrorCode } from '../base/error-codes.ts';
import { isGatewayError, messageOf } from '../base/gateway-error.ts';
import { trackerProject } from './payloads.ts';
import type { TrackerError, TrackerProject } from './payloads.ts';

/** What the inbox needs of the fleet; false: it was so already. */
export interface TrackerProjects {
  upsertFromTracker(externalId: string, body: TrackerProject): Promise<boolean>;
  archiveFromTracker(externalId: string): Promise<boolean>;
}

/** What a message of the tracker asks for. */
export type TrackerRequest =
  | { kind: 'upsert'; body: TrackerProject }
  | { kind: 'archive' }
  | { kind: 'bad'; code: ErrorCode; message: string };

const MAX_BYTES = 256 * 1024;
const MAX_ID_LENGTH = 200;

/** Reads a payload of `tracker/projects/{externalId}`; pure, never throws. */
export function parseTrackerRequest(externalId: string, payload: Uint8Array): TrackerRequest {
  if (externalId.length > MAX_ID_LENGTH)
    return {
      kind: 'bad',
      code: 'bad-request',
      message: `the project id is longer than ${MAX_ID_LENGTH} characters`,
    };
  if (payload.length === 0) return { kind: 'archive' };
  if (payload.length > MAX_BYTES)
    return { kind: 'bad', code: 'too-large', message: `the message is larger than ${MAX_BYTES / 1024} KiB` };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return { kind: 'bad', code: 'bad-request', message: 'the message is not JSON in UTF-8' };
  }
  const parsed = trackerProject.safeParse(value);
  if (parsed.success) return { kind: 'upsert', body: parsed.data };
  return { kind: 'bad', code: 'bad-request', message: problemsOf(parsed.error).slice(0, 2000) };
}

/** Each wrong field with what was expected there. */
function problemsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'the message'}: ${message}`).join('; ');
}

/** Takes the tracker's projects into the fleet, one after the other; a bad message is answered and changes nothing. */
export class TrackerInbox {
  readonly #clock: Clock;
  readonly #projects: TrackerProjects;
  readonly #answer: (error: TrackerError) => void;

  constructor(options: {
    clock: Clock;
    projects: TrackerProjects;
    /** Publishes on `tracker/errors`. */
    answer: (error: TrackerError) => void;
  }) {
    this.#clock = options.clock;
    this.#projects = options.projects;
    this.#answer = options.answer;
  }

  /** Resolves when the fleet has stored the change, or the sender was told why not. */
  async receive(topic: string, externalId: string, payload: Uint8Array): Promise<void> {
    const request = parseTrackerRequest(externalId, payload);
    if (request.kind === 'bad') return this.#refuse(topic, request.code, request.message);
    try {
      if (request.kind === 'archive') await this.#projects.archiveFromTracker(externalId);
      else await this.#projects.upsertFromTracker(externalId, request.body);
    } catch (error) {
      const known = isGatewayError(error);
      this.#refuse(
        topic,
        known ? error.code : 'internal',
        known ? messageOf(error) : 'the gateway could not store it',
      );
    }
  }

  #refuse(topic: string, code: ErrorCode, message: string): void {
    this.#answer({ schema: 1, at: toRfc3339(this.#clock.now()), topic, code, message });
  }
}
