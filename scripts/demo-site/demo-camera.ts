import { EventEmitter } from 'node:events';
import { AuthLog } from './auth/auth-log.ts';
import type { Account } from './auth/http-digest.ts';
import type { CameraDefinition } from './camera-definition.ts';
import type { CameraFault } from './camera-fault.ts';
import type { AacFrames } from './clip/adts.ts';
import type { Clip } from './clip/clip-file.ts';
import { pictureEffects } from './picture/picture-effect.ts';
import type { PictureEffect } from './picture/picture-effect.ts';
import { LiveVideo } from './stream/live-video.ts';

/** Which of a camera's two streams. */
export type ProfileName = 'main' | 'sub';

/** Where a camera's services are; filled in when its servers listen. */
export interface CameraAddresses {
  host: string;
  httpPort: number;
  rtspPort: number;
}

const noFault: CameraFault = { kind: 'none', offsetSec: 0, delayMs: 0, share: 0 };

/** The clips of a camera's two streams. */
export type CameraClips = Record<ProfileName, Clip>;

/** One simulated camera: what it shows, its clock, its password, its present misbehaviour, its counters. Emits `fault`. */
export class DemoCamera extends EventEmitter<{ fault: [CameraFault] }> {
  readonly definition: CameraDefinition;
  readonly videos: Record<ProfileName, LiveVideo>;
  readonly sound: AacFrames | undefined;
  readonly counters = {
    rtspConnections: 0,
    rtspAuthFailures: 0,
    onvifRequests: 0,
    onvifAuthFailures: 0,
    describes: 0,
    plays: 0,
    bytesSent: 0,
    sessions: 0,
  };
  /** Its own log of who tried to sign in. */
  readonly authLog = new AuthLog();
  readonly ptz = { pan: 0, tilt: 0, zoom: 0, moving: false, presetToken: '', moves: 0 };
  addresses: CameraAddresses = { host: '127.0.0.1', httpPort: 0, rtspPort: 0 };
  private present: CameraFault = noFault;
  private ending: NodeJS.Timeout | undefined;
  private readonly owner: Account;
  private readonly textAt: (unixMs: number) => string;
  private readonly clipsWith: (effect: PictureEffect) => Promise<CameraClips>;
  private clips: CameraClips;
  private clockSetMs = 0;

  constructor(
    definition: CameraDefinition,
    clips: CameraClips,
    sound: AacFrames | undefined,
    owner: Account,
    textAt: (unixMs: number) => string,
    clipsWith: (effect: PictureEffect) => Promise<CameraClips>,
  ) {
    super();
    this.definition = definition;
    this.sound = sound;
    this.clips = clips;
    this.clipsWith = clipsWith;
    this.owner = owner;
    this.clockSetMs = definition.clockOffsetSec * 1000;
    this.textAt = textAt;
    const phaseMs = (definition.index * 370) % 2000;
    const shown = (unixMs: number): string => textAt(unixMs + this.offsetMs());
    this.videos = {
      main: new LiveVideo(clips.main, phaseMs, shown),
      sub: new LiveVideo(clips.sub, phaseMs, shown),
    };
  }

  get fault(): CameraFault {
    return this.present;
  }

  /** The account its services ask for now. */
  get account(): Account {
    const changed = this.present.kind === 'wrongPassword';
    return {
      username: this.owner.username,
      password: changed ? `${this.owner.password}-changed` : this.owner.password,
    };
  }

  private offsetMs(): number {
    return this.clockSetMs + (this.present.kind === 'wrongClock' ? this.present.offsetSec * 1000 : 0);
  }

  /** The camera's own clock at a moment of the machine's, Unix milliseconds. */
  clockMs(nowMs = Date.now()): number {
    return nowMs + this.offsetMs();
  }

  /** How far the site's local time is ahead of UTC, in minutes. */
  utcOffsetMin(): number {
    const nowMs = Math.floor(Date.now() / 1000) * 1000;
    return Math.round((Date.parse(`${this.textAt(nowMs).replace(' ', 'T')}Z`) - nowMs) / 60_000);
  }

  /** Sets the camera's clock, as SetSystemDateAndTime does. */
  setClock(unixMs: number): void {
    this.clockSetMs = Math.abs(unixMs - Date.now()) < 1000 ? 0 : unixMs - Date.now();
  }

  /** Takes new clips, for another light or day. */
  renew(clips: CameraClips): void {
    this.clips = clips;
    if (!isEffect(this.present.kind)) this.swap(clips);
  }

  private swap({ main, sub }: CameraClips): void {
    this.videos.main.swap(main);
    this.videos.sub.swap(sub);
  }

  /** Starts or ends a misbehaviour; resolves when it can be seen, for a view that must be drawn first. */
  async misbehave(fault: CameraFault): Promise<void> {
    clearTimeout(this.ending);
    this.present = fault;
    const clips = isEffect(fault.kind) ? await this.clipsWith(fault.kind) : this.clips;
    // Another order may have come meanwhile.
    if (this.present !== fault) return;
    this.swap(clips);
    const mode = fault.kind === 'freeze' ? 'frozen' : fault.kind === 'black' ? 'black' : 'live';
    this.videos.main.show(mode);
    this.videos.sub.show(mode);
    if (fault.seconds !== undefined)
      this.ending = setTimeout(() => void this.misbehave(noFault), fault.seconds * 1000);
    this.emit('fault', fault);
  }

  /** Ends the timer of a fault that would end by itself. */
  stop(): void {
    clearTimeout(this.ending);
  }
}

function isEffect(kind: string): kind is PictureEffect {
  return (pictureEffects as readonly string[]).includes(kind);
}
