import type { Clock } from '../../base/clock.ts';
import type { OnvifProfile, OnvifReading, OnvifResult } from '../onvif-reading.ts';
import { textAt } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';
import { readDeviceInformation, readMac, readScopeItems } from './device-replies.ts';
import { onvifFailure } from './device-session.ts';
import type { CallResult, DeviceSession } from './device-session.ts';
import { endpointId } from './endpoint-id.ts';
import { findServices } from './find-services.ts';
import { readMediaUri } from './media-replies.ts';
import { deviceMessages, media1Messages, media2Messages } from './onvif-messages.ts';
import type { OnvifMessage } from './onvif-messages.ts';
import { reachableUri } from './reachable-uri.ts';
import { readClock } from './read-clock.ts';
import { readProfiles } from './read-profiles.ts';
import type { MediaAnswers } from './read-profiles.ts';
import { readScopes } from './scopes.ts';

/** Profiles, largest first, whose URIs are asked for: a recorder with 64 channels would take minutes. */
const PROFILES_WITH_URIS = 8;

const NOTHING_TOLD = { vendor: null, model: null, firmware: null, serial: null };

type Refusal = Extract<CallResult, { ok: false }>;

/** One reading of a device from its first question to the verdict; made for one use. */
export class DeviceReader {
  readonly #clock: Clock;
  readonly #session: DeviceSession;
  readonly #xaddr: string;
  readonly #address: string;
  #driftSec: number | null = null;

  constructor(options: { clock: Clock; session: DeviceSession; xaddr: string; address: string }) {
    this.#clock = options.clock;
    this.#session = options.session;
    this.#xaddr = options.xaddr;
    this.#address = options.address;
  }

  async read(): Promise<OnvifResult> {
    const clock = await readClock(this.#session, this.#xaddr, this.#clock);
    if (clock.ok) this.#driftSec = clock.driftSec;
    else if (!mayGoOn(clock)) return this.#failed(clock);
    const information = await this.#session.call(this.#xaddr, deviceMessages.getDeviceInformation);
    if (!information.ok && !mayGoOn(information)) return this.#notLetIn(information);
    const services = await findServices(this.#session, this.#xaddr);
    const media = await readProfiles(this.#session, this.#xaddr, services);
    if ('failure' in media) return this.#failed(media);
    // It answers all questions with faults.
    if (!clock.ok && !information.ok && media.media === null) return this.#failed(information);
    const profiles = await this.#withUris(media);
    if ('failure' in profiles) return this.#failed(profiles);
    return {
      ok: true,
      reading: await this.#reading(information.ok ? information.body : null, media, profiles),
    };
  }

  async #reading(
    information: XmlNode | null,
    media: MediaAnswers,
    profiles: OnvifProfile[],
  ): Promise<OnvifReading> {
    const interfaces = await this.#optional(deviceMessages.getNetworkInterfaces);
    const scopes = await this.#optional(deviceMessages.getScopes);
    const reference = await this.#optional(deviceMessages.getEndpointReference);
    const facts = readScopes(scopes ? readScopeItems(scopes) : []);
    const told = information ? readDeviceInformation(information) : NOTHING_TOLD;
    return {
      ...told,
      xaddr: this.#xaddr,
      endpointId: endpointId(textAt(reference, 'GUID')),
      model: told.model ?? facts.hardware,
      mac: interfaces ? readMac(interfaces, this.#address) : null,
      name: facts.name,
      clockDriftSec: this.#driftSec,
      hasPtz: media.services.ptz !== null && media.profiles.some((profile) => profile.hasPtz),
      media: media.media,
      certificateSha256: this.#session.certificateSha256,
      profiles,
    };
  }

  async #withUris({ services, profiles }: MediaAnswers): Promise<OnvifProfile[] | Refusal> {
    const complete: OnvifProfile[] = [];
    for (const [index, { hasPtz: _, videoSource: __, ...profile }] of profiles.entries()) {
      const wanted = index < PROFILES_WITH_URIS && profile.codec !== null;
      const second = profile.media2 ? services.media2 : null;
      const { token } = profile;
      const stream = wanted
        ? await this.#uri(
            [second, media2Messages.getStreamUri(token)],
            [services.media1, media1Messages.getStreamUri(token)],
          )
        : null;
      if (typeof stream === 'object' && stream !== null) return stream;
      const snapshot = wanted
        ? await this.#uri(
            [second, media2Messages.getSnapshotUri(token)],
            [services.media1, media1Messages.getSnapshotUri(token)],
          )
        : null;
      complete.push({
        ...profile,
        rtspUri: stream && reachableUri(stream, this.#host, ['rtsp', 'rtsps']),
        snapshotUri:
          typeof snapshot === 'string' ? reachableUri(snapshot, this.#host, ['http', 'https']) : null,
      });
    }
    return complete;
  }

  /** The first URI that one of the services gives; a failure only when the device wants a sign-in for it. */
  async #uri(...ways: [string | null, OnvifMessage][]): Promise<string | Refusal | null> {
    let refused: Refusal | null = null;
    for (const [service, message] of ways) {
      if (service === null) continue;
      const result = await this.#session.call(service, message);
      const uri = result.ok ? readMediaUri(result.body) : null;
      if (uri !== null) return uri;
      if (!result.ok && result.failure.startsWith('auth-')) refused = result;
    }
    return refused;
  }

  get #host(): string {
    return new URL(this.#xaddr).hostname;
  }

  /** An answer that the reading can do without. */
  async #optional(message: OnvifMessage): Promise<XmlNode | undefined> {
    const result = await this.#session.call(this.#xaddr, message);
    return result.ok ? result.body : undefined;
  }

  /** Without a sign-in a device may still tell which one it is (PRE_AUTH), so that a registered one is known again. */
  async #notLetIn(refusal: Refusal): Promise<OnvifResult> {
    const failed = this.#failed(refusal);
    if (failed.ok || refusal.failure !== 'auth-required') return failed;
    const reference = await this.#optional(deviceMessages.getEndpointReference);
    return { ...failed, endpointId: endpointId(textAt(reference, 'GUID')) };
  }

  #failed({ failure, message }: Refusal): OnvifResult {
    const { certificateSha256, movedTo } = this.#session;
    const failed = { failure: onvifFailure(failure), message, clockDriftSec: this.#driftSec };
    return { ok: false, ...failed, certificateSha256, movedTo };
  }
}

/** True when a device may well answer the next question although it did not answer this one. */
function mayGoOn({ failure }: Refusal): boolean {
  return failure === 'not-supported';
}
