import type { Clock } from '../base/clock.ts';
import { toRfc3339 } from '../base/clock.ts';
import type { ErrorCode } from '../base/error-codes.ts';
import { GatewayError, isGatewayError } from '../base/gateway-error.ts';
import { cameraCommand } from './payloads.ts';
import type { CameraCommand, CommandResult } from './payloads.ts';

/** What commands do; both throw GatewayErrors. */
export interface CameraCommands {
  snapshot(cameraId: string): Promise<unknown>;
  check(cameraId: string): Promise<unknown>;
}

const MAX_BYTES = 4096;
const MAX_RUNNING = 16;

/** Reads a payload of `cameras/{cameraId}/command`; pure, never throws; undefined for anything else. */
export function parseCommand(payload: Uint8Array): CameraCommand | undefined {
  if (payload.length > MAX_BYTES) return undefined;
  try {
    return cameraCommand.safeParse(JSON.parse(Buffer.from(payload).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Runs the tracker's commands, at most one for each camera and 16 in all; every command gets one answer. */
export class CommandInbox {
  readonly #clock: Clock;
  readonly #commands: CameraCommands;
  readonly #running = new Set<string>();

  constructor(options: { clock: Clock; commands: CameraCommands }) {
    this.#clock = options.clock;
    this.#commands = options.commands;
  }

  /** Resolves with the answer when the command is done; never throws. */
  async receive(cameraId: string, payload: Uint8Array): Promise<CommandResult> {
    const command = parseCommand(payload);
    const verb = command?.do ?? null;
    try {
      if (!command)
        throw new GatewayError('bad-request', 'the command is not {"do":"snapshot"} or {"do":"check"}');
      const result = await this.#run(cameraId, command);
      return this.#result(cameraId, verb, { ok: true, result, error: null });
    } catch (error) {
      return this.#result(cameraId, verb, { ok: false, result: null, error: toAnswer(error) });
    }
  }

  async #run(cameraId: string, command: CameraCommand): Promise<unknown> {
    if (this.#running.has(cameraId))
      throw new GatewayError('conflict', 'a command for this camera is still running; wait for its answer');
    if (this.#running.size >= MAX_RUNNING)
      throw new GatewayError('too-many-requests', 'too many commands are running; try again in a minute');
    this.#running.add(cameraId);
    try {
      return await this.#commands[command.do](cameraId);
    } finally {
      this.#running.delete(cameraId);
    }
  }

  #result(
    cameraId: string,
    verb: string | null,
    outcome: Pick<CommandResult, 'ok' | 'result' | 'error'>,
  ): CommandResult {
    return { schema: 1, at: toRfc3339(this.#clock.now()), cameraId, do: verb, ...outcome };
  }
}

function toAnswer(error: unknown): { code: ErrorCode; message: string } {
  if (isGatewayError(error)) return { code: error.code, message: error.message };
  return { code: 'internal', message: 'a fault inside the gateway; its log has the details' };
}
