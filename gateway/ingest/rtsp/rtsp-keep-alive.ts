import type { CancelTimer, Clock } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import type { RtspDialog } from './rtsp-dialog.ts';

export interface RtspKeepAliveOptions {
  clock: Clock;
  dialog: RtspDialog;
  /** URI of the session as a whole. */
  uri: string;
  /** True when the camera lists GET_PARAMETER among its methods. */
  takesGetParameter: boolean;
  /** The camera has forgotten the session, or refuses the sign-in all of a sudden. */
  onLost(error: GatewayError): void;
}

const SESSION_NOT_FOUND = 454;

/** Keeps one session alive at half of its timeout (RFC 2326 sections 10.8 and 12.37), from `start()` to `stop()`. */
export class RtspKeepAlive {
  readonly #options: RtspKeepAliveOptions;
  #method: 'GET_PARAMETER' | 'OPTIONS';
  #cancel: CancelTimer | undefined;

  constructor(options: RtspKeepAliveOptions) {
    this.#options = options;
    this.#method = options.takesGetParameter ? 'GET_PARAMETER' : 'OPTIONS';
  }

  start(): void {
    const { clock, dialog } = this.#options;
    const periodMs = Math.max(1, dialog.sessionTimeoutSec / 2) * 1000;
    this.#cancel = clock.every(periodMs, () => void this.#beat());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #beat(): Promise<void> {
    const method = this.#method;
    try {
      const { dialog, uri } = this.#options;
      const { status } = await dialog.send(method, uri);
      if (status < 400 || this.#cancel === undefined) return;
      if (method === 'GET_PARAMETER') await this.#changeMethod();
      else if (status === SESSION_NOT_FOUND) this.#options.onLost(forgotten());
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'camera-auth-failed') this.#options.onLost(error);
      // An unanswered one does no harm as long as frames come, and that they come is watched elsewhere; but a camera
      // that never answers GET_PARAMETER (some Hipcam) may answer, and count, OPTIONS.
      this.#method = 'OPTIONS';
    }
  }

  /** GET_PARAMETER is refused, by some (thingino) with 454 while the session goes on: OPTIONS shows at once whether it does. */
  #changeMethod(): Promise<void> {
    this.#method = 'OPTIONS';
    return this.#beat();
  }
}

function forgotten(): GatewayError {
  return new GatewayError('camera-protocol-error', 'the camera forgot the session (454 Session Not Found)');
}
