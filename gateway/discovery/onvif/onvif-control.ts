import type { Clock } from '../../base/clock.ts';
import type { OnvifFailure } from '../onvif-reading.ts';
import type { DeviceAccess, DeviceUse, OnvifDevice } from './device-access.ts';
import { onvifFailure } from './device-session.ts';
import type { CallFailure, DeviceSession } from './device-session.ts';
import { findPtz } from './find-ptz.ts';
import { findServices } from './find-services.ts';
import type { ImagingSettings } from './imaging-reply.ts';
import { readImagingSettings } from './imaging-reply.ts';
import { imagingMessages, ptzMessages } from './onvif-messages.ts';
import { gotoPreset, nudge, readPresets } from './ptz-operations.ts';
import type { MoveResult, PtzNudge, PtzPlace, PtzPreset } from './ptz-operations.ts';
import { readClock } from './read-clock.ts';
import { readProfiles } from './read-profiles.ts';
import { RememberedPtz } from './remembered-ptz.ts';
import { setClock } from './set-clock.ts';

/** Why a device did not do as asked; the message is for people as it stands. */
export type ControlFailure = {
  ok: false;
  /** `not-supported`: the device has no such thing, or this user may not use it. */
  failure: OnvifFailure | 'not-supported';
  message: string;
};

export type ControlResult<Told = unknown> = ({ ok: true } & Told) | ControlFailure;

const REQUEST_TIMEOUT_MS = 5000;
const USE_TIMEOUT_MS = 40_000;
const NO_MOTORS: ControlFailure = {
  ok: false,
  failure: 'not-supported',
  message: 'this camera cannot be turned: it offers no PTZ over ONVIF',
};

/**
 * What the gateway does to devices on request: turning, setting the time; and what it reads for checks. Never reboots.
 * One for the gateway; `stop()` ends running moves and waits until their cameras stand still.
 */
export class OnvifControl {
  readonly #clock: Clock;
  readonly #access: DeviceAccess;
  readonly #remembered: RememberedPtz;
  readonly #end = new AbortController();
  /** The wait of the running nudge of each device: the next one ends it. */
  readonly #moves = new Map<string, AbortController>();
  readonly #running = new Set<Promise<unknown>>();

  constructor({ clock, access }: { clock: Clock; access: DeviceAccess }) {
    this.#clock = clock;
    this.#access = access;
    this.#remembered = new RememberedPtz(clock);
  }

  /** Whether the device can be turned, and to which presets. */
  ptzCapabilities(device: OnvifDevice): Promise<ControlResult<{ supported: boolean; presets: PtzPreset[] }>> {
    return this.#use(device, async (use) => {
      const session = use.session();
      const found = await findPtz(session, device.xaddr, this.#clock);
      if (!found.ok) return toFailure(found);
      const { place } = found;
      if (place === null) return { ok: true, supported: false, presets: [] };
      this.#remembered.keep(device, { place, memory: session.memory });
      // A device with motors and no presets may refuse the question.
      const presets = await session.call(place.service, ptzMessages.getPresets(place.profileToken));
      return { ok: true, supported: true, presets: presets.ok ? readPresets(presets.body) : [] };
    });
  }

  /** Moves for at most 5 s and stops, always; a newer nudge of the same device ends this one at once. */
  async nudge(device: OnvifDevice, move: PtzNudge): Promise<ControlResult> {
    this.#moves.get(device.xaddr)?.abort();
    const mine = new AbortController();
    this.#moves.set(device.xaddr, mine);
    const clock = this.#clock;
    const signal = AbortSignal.any([mine.signal, this.#end.signal]);
    try {
      return await this.#steer(device, (session, place) => nudge({ clock, session, place, move, signal }));
    } finally {
      if (this.#moves.get(device.xaddr) === mine) this.#moves.delete(device.xaddr);
    }
  }

  /** Turns to the preset with this token. */
  gotoPreset(device: OnvifDevice, preset: string): Promise<ControlResult> {
    this.#moves.get(device.xaddr)?.abort();
    return this.#steer(device, (session, place) => gotoPreset(session, place, preset));
  }

  /** Sets the device's clock to the gateway's; its time zone stays. Gives how far off it is afterwards. */
  setClock(device: OnvifDevice): Promise<ControlResult<{ clockDriftSec: number | null; ntpEnded: boolean }>> {
    // The clock that tokens were signed by is gone.
    this.#remembered.forget(device);
    return this.#use(device, async (use) => {
      const set = await setClock(use.session(), device.xaddr, this.#clock);
      return set.ok ? set : toFailure(set);
    });
  }

  /** Camera time minus gateway time; null when the device tells none. */
  readClock(
    device: OnvifDevice,
  ): Promise<ControlResult<{ clockDriftSec: number | null; zone: string | null; byNtp: boolean }>> {
    return this.#use(device, async (use) => {
      const read = await readClock(use.session(), device.xaddr, this.#clock);
      if (!read.ok) return toFailure(read);
      const { driftSec, time } = read;
      return { ok: true, clockDriftSec: driftSec, zone: time?.zone ?? null, byNtp: time?.byNtp ?? false };
    });
  }

  /** How the picture of the device's first video source is set. */
  imagingSettings(device: OnvifDevice): Promise<ControlResult<{ settings: ImagingSettings }>> {
    return this.#use(device, async (use) => {
      const session = use.session();
      const time = await readClock(session, device.xaddr, this.#clock);
      if (!time.ok && time.failure !== 'not-supported') return toFailure(time);
      const services = await findServices(session, device.xaddr);
      const media = await readProfiles(session, device.xaddr, services);
      if ('failure' in media) return toFailure(media);
      const source = media.profiles.find(({ videoSource }) => videoSource !== null)?.videoSource;
      if (!services.imaging || !source) {
        const message = 'this camera tells nothing of its picture settings over ONVIF';
        return { ok: false, failure: 'not-supported', message };
      }
      const told = await session.call(services.imaging, imagingMessages.getImagingSettings(source));
      return told.ok ? { ok: true, settings: readImagingSettings(told.body) } : toFailure(told);
    });
  }

  /** Ends all moves; resolves when every camera has been told to stop. */
  async stop(): Promise<void> {
    this.#end.abort();
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** Steers by what an earlier use learnt; when the device refuses that, once more from the beginning. */
  #steer(
    device: OnvifDevice,
    act: (session: DeviceSession, place: PtzPlace) => Promise<MoveResult>,
  ): Promise<ControlResult> {
    return this.#use(device, async (use) => {
      const known = this.#remembered.get(device);
      const first = known && (await act(use.session(known.memory), known.place));
      if (first?.ok) return { ok: true };
      this.#remembered.forget(device);
      if (first && first.failure !== 'not-supported' && first.failure !== 'auth-failed') {
        return toFailure(first);
      }
      const again = await this.#steerAnew(device, use.session(), act);
      return first && !again.ok && again.failure === 'auth-paused' ? toFailure(first) : again;
    });
  }

  async #steerAnew(
    device: OnvifDevice,
    session: DeviceSession,
    act: (session: DeviceSession, place: PtzPlace) => Promise<MoveResult>,
  ): Promise<ControlResult> {
    const found = await findPtz(session, device.xaddr, this.#clock);
    if (!found.ok) return toFailure(found);
    if (found.place === null) return NO_MOTORS;
    const result = await act(session, found.place);
    if (!result.ok) return toFailure(result);
    this.#remembered.keep(device, { place: found.place, memory: session.memory });
    return { ok: true };
  }

  #use<Told>(
    device: OnvifDevice,
    task: (use: DeviceUse) => Promise<ControlResult<Told>>,
  ): Promise<ControlResult<Told>> {
    const limits = {
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      useTimeoutMs: USE_TIMEOUT_MS,
      lane: 'control',
    } as const;
    const running = this.#access.use(device, limits, task).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }
}

function toFailure({ failure, message }: { failure: CallFailure; message: string }): ControlFailure {
  return { ok: false, failure: failure === 'not-supported' ? failure : onvifFailure(failure), message };
}
