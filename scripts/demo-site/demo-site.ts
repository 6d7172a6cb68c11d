import type { CameraDefinition } from './camera-definition.ts';
import { variantOf } from './camera-variant.ts';
import { cameraDefinition } from './camera-roster.ts';
import { ClipCache } from './clip/clip-cache.ts';
import type { ClipSpec } from './clip/clip-spec.ts';
import { canEncodeH265 } from './clip/ffmpeg-program.ts';
import { siteSound } from './clip/site-sound.ts';
import { ControlServer } from './control-server.ts';
import { DemoCamera } from './demo-camera.ts';
import type { DiscoveredDevice } from './discovery/discovery-message.ts';
import { DiscoveryResponder } from './discovery/discovery-responder.ts';
import { scopesOf } from './onvif/device-service.ts';
import { OnvifServer } from './onvif/onvif-server.ts';
import { announcedUri, httpUri, rtspUri, servicePaths } from './onvif/service-addresses.ts';
import { RtspServer } from './rtsp/rtsp-server.ts';
import { siteMoment, type SiteMoment } from './site-calendar.ts';
import type { SiteOptions } from './site-options.ts';
import { ClockText } from './stream/clock-text.ts';
import { Sender } from './stream/sender.ts';

const lightCheckMs = 60_000;

/** A measure of how long a camera's clip takes to make. */
const workOf = (camera: CameraDefinition): number =>
  camera.width * camera.height * camera.fps * (camera.codec === 'h265' ? 2 : 1);

/** What is told about a camera when the site is ready. */
export interface ReadyCamera {
  index: number;
  endpointId: string;
  name: string;
  xaddr: string;
  rtspMain: string;
  rtspSub: string;
  codec: string;
  audio: boolean;
}

/** The whole simulated site: its cameras with their servers, discovery and the control door. */
export class DemoSite {
  private readonly options: SiteOptions;
  private readonly log: (line: string) => void;
  private readonly cache: ClipCache;
  private readonly clock: ClockText;
  private readonly cameras: DemoCamera[] = [];
  private readonly rtsp: RtspServer[] = [];
  private readonly onvif: OnvifServer[] = [];
  private sender: Sender | undefined;
  private discovery: DiscoveryResponder | undefined;
  private control: ControlServer | undefined;
  private lightTimer: NodeJS.Timeout | undefined;
  private moment: SiteMoment;
  private renewing = false;

  constructor(options: SiteOptions, log: (line: string) => void) {
    this.options = options;
    this.log = log;
    this.cache = new ClipCache(options.cache, log);
    this.clock = new ClockText(options.timeZone);
    this.moment = this.momentNow();
  }

  /** Makes the clips that are missing, then opens all servers; gives what the ready line says. */
  async start(): Promise<{ cameras: ReadyCamera[]; controlUrl: string }> {
    await this.makeCameras();
    for (const camera of this.cameras) await this.openServers(camera);
    this.sender = new Sender(
      this.cameras.map((camera, i) => ({ camera, sessions: () => this.rtsp[i]!.sessions.values() })),
    );
    this.sender.start();
    this.control = new ControlServer(this.cameras);
    const controlUrl = await this.control.start(this.options.controlPort);
    this.discovery = new DiscoveryResponder(() => this.devices(), this.options.host, this.log);
    if (!this.options.noDiscovery) await this.discovery.start();
    this.lightTimer = setInterval(() => void this.renewPictures(), lightCheckMs);
    return { cameras: this.cameras.map((camera) => this.told(camera)), controlUrl };
  }

  /** Says goodbye and closes everything. */
  async stop(): Promise<void> {
    clearInterval(this.lightTimer);
    this.sender?.stop();
    await this.discovery?.stop();
    this.control?.stop();
    for (const server of [...this.rtsp, ...this.onvif]) server.stop();
    for (const camera of this.cameras) camera.stop();
  }

  private momentNow(): SiteMoment {
    const { timeZone, date, hour } = this.options;
    return siteMoment(Date.now(), timeZone, date, hour);
  }

  private specOf(definition: CameraDefinition, moment: SiteMoment): ClipSpec {
    const { scene, variant, width, height, fps, codec } = definition;
    const size = this.options.fast
      ? { width: 640, height: 360, fps: 25, loopSec: 4 }
      : { width, height, fps, loopSec: 12 };
    return { scene, variant, ...moment, ...size, codec, label: definition.name };
  }

  private async makeCameras(): Promise<void> {
    const { options } = this;
    await this.cache.start();
    const h265 = await canEncodeH265();
    if (!h265) this.log('this FFmpeg has no libx265: the H.265 cameras send H.264 instead');
    const sound = await siteSound(options.cache);
    const owner = { username: options.username, password: options.password };
    const definitions = Array.from({ length: options.cameras }, (_, index): CameraDefinition => {
      const known = variantOf(cameraDefinition(index), options.variants[index]);
      return { ...known, codec: h265 ? known.codec : 'h264' };
    });
    // The longest work first, so that no core stands idle at the end.
    const made = definitions
      .toSorted((a, b) => workOf(b) - workOf(a))
      .map(async (definition) => {
        const clips = await this.cache.get(this.specOf(definition, this.moment));
        return new DemoCamera(
          definition,
          clips,
          definition.audio ? sound : undefined,
          owner,
          (ms) => this.clock.at(ms),
          (effect) => this.cache.get({ ...this.specOf(definition, this.moment), effect, loopSec: 4 }, true),
        );
      });
    this.cameras.push(
      ...(await Promise.all(made)).toSorted((a, b) => a.definition.index - b.definition.index),
    );
  }

  private async openServers(camera: DemoCamera): Promise<void> {
    const { host, basePort } = this.options;
    const port = basePort === 0 ? 0 : basePort + camera.definition.index * 2;
    const onvif = new OnvifServer(camera, (ms) => this.clock.at(ms));
    const rtsp = new RtspServer(camera);
    this.onvif.push(onvif);
    this.rtsp.push(rtsp);
    const httpPort = await onvif.start(port, host);
    const rtspPort = await rtsp.start(port === 0 ? 0 : port + 1, host);
    camera.addresses = { host, httpPort, rtspPort };
  }

  private devices(): DiscoveredDevice[] {
    return this.cameras
      .filter((camera) => camera.fault.kind !== 'offline')
      .map((camera) => ({
        endpointId: camera.definition.endpointId,
        scopes: scopesOf(camera),
        xaddr: announcedUri(camera, servicePaths.device),
      }));
  }

  private told(camera: DemoCamera): ReadyCamera {
    const { index, endpointId, name, codec, audio } = camera.definition;
    return {
      index,
      endpointId,
      name,
      codec,
      audio,
      xaddr: httpUri(camera, servicePaths.device),
      rtspMain: rtspUri(camera, 'main'),
      rtspSub: rtspUri(camera, 'sub'),
    };
  }

  /** When the light or the day has changed: new clips, one camera after the other, at low priority. */
  private async renewPictures(): Promise<void> {
    const now = this.momentNow();
    if (this.renewing || (now.dayNumber === this.moment.dayNumber && now.part === this.moment.part)) return;
    this.renewing = true;
    try {
      for (const camera of this.cameras) {
        const clips = await this.cache.get(this.specOf(camera.definition, now), true);
        camera.renew(clips);
      }
      this.moment = now;
    } catch (error) {
      this.log(`new pictures could not be made, the old ones stay: ${(error as Error).message}`);
    } finally {
      this.renewing = false;
    }
  }
}
