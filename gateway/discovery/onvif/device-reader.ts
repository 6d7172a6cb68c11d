import type { Clock } from '../../base/clock.ts';
import type { OnvifProfile, OnvifReading, OnvifResult } from '../onvif-reading.ts';
import { textAt } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';
import {
  readCapabilities,
  readDeviceInformation,
  readMac,
  readScopeItems,
  readServices,
  readSystemTime,
} from './device-replies.ts';
import type { ServiceAddresses } from './device-replies.ts';
import type { CallFailure, CallResult, DeviceSession } from './device-session.ts';
import { endpointId } from './endpoint-id.ts';
import { mergeProfiles, readMedia1Profiles, readMedia2Profiles, readMediaUri } from './media-replies.ts';
import type { DescribedProfile } from './media-replies.ts';
import { deviceMessages, media1Messages, media2Messages } from './onvif-messages.ts';
import type { OnvifMessage } from './onvif-messages.ts';
import { reachableService, reachableUri } from './reachable-uri.ts';
import { readScopes } from './scopes.ts';

/** Profiles, largest first, whose URIs are asked for: a recorder with 64 channels would take minutes. */
const PROFILES_WITH_URIS = 8;

/** What the media services said, and where they were reached. */
interface MediaAnswers {
  services: ServiceAddresses;
  profiles: DescribedProfile[];
}

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
    const time = await this.#readTime();
    if (time && !mayGoOn(time)) return this.#failed(time);
    const information = await this.#session.call(this.#xaddr, deviceMessages.getDeviceInformation);
    if (!information.ok && !mayGoOn(information)) return this.#failed(information);
    const media = await this.#media(await this.#services());
    if ('failure' in media) return this.#failed(media);
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
      profiles,
    };
  }

  /** Asks the camera's time; the failure when it gives none. */
  async #readTime(): Promise<Refusal | null> {
    const askedAtMs = this.#clock.now();
    const time = await this.#session.call(this.#xaddr, deviceMessages.getSystemDateAndTime);
    if (!time.ok) return time;
    const cameraMs = readSystemTime(time.body);
    if (cameraMs === null) return null;
    // Half a second, since the camera cuts its time to whole ones; and the middle of question and answer.
    const driftMs = cameraMs + 500 - (askedAtMs + this.#clock.now()) / 2;
    // Adding 0 turns -0 into 0.
    this.#driftSec = Math.round(driftMs / 1000) + 0;
    this.#session.setDrift(driftMs);
    return null;
  }

  async #services(): Promise<ServiceAddresses> {
    const listed = await this.#optional(deviceMessages.getServices);
    let services = listed ? readServices(listed) : null;
    if (!services?.media1 && !services?.media2) {
      const capabilities = await this.#optional(deviceMessages.getCapabilities);
      services = capabilities ? readCapabilities(capabilities) : services;
    }
    return {
      // A device that lists nothing often serves all of it at one address.
      media1:
        reachableService(services?.media1 ?? null, this.#xaddr) ?? (services?.media2 ? null : this.#xaddr),
      media2: reachableService(services?.media2 ?? null, this.#xaddr),
      ptz: reachableService(services?.ptz ?? null, this.#xaddr),
    };
  }

  async #media(services: ServiceAddresses): Promise<MediaAnswers | Refusal> {
    const second = await this.#ask(services.media2, media2Messages.getProfiles);
    const first = await this.#ask(services.media1, media1Messages.getProfiles);
    if (!second?.result.ok && !first?.result.ok) {
      const failures = [second, first].flatMap((asked) => (asked && !asked.result.ok ? [asked.result] : []));
      const worst = failures.find((failure) => failure.failure !== 'not-supported');
      // It spoke ONVIF before, so this is a fault of its media service.
      if (worst) return worst.failure === 'not-onvif' ? { ...worst, failure: 'protocol-error' } : worst;
    }
    const profiles = mergeProfiles(
      first?.result.ok ? readMedia1Profiles(first.result.body) : [],
      second?.result.ok ? readMedia2Profiles(second.result.body) : [],
    );
    const reached = { media1: first?.service ?? null, media2: second?.service ?? null, ptz: services.ptz };
    return { services: reached, profiles };
  }

  /** Asks a service; where nothing answers at the port it names, at the port that answered before (port forwarding). */
  async #ask(
    service: string | null,
    message: OnvifMessage,
  ): Promise<{ service: string; result: CallResult } | null> {
    if (service === null) return null;
    const result = await this.#session.call(service, message);
    const lost = !result.ok && (result.failure === 'unreachable' || result.failure === 'not-onvif');
    const named = new URL(service);
    const { origin } = new URL(this.#xaddr);
    if (!lost || named.origin === origin) return { service, result };
    const other = origin + named.pathname + named.search;
    return { service: other, result: await this.#session.call(other, message) };
  }

  async #withUris({ services, profiles }: MediaAnswers): Promise<OnvifProfile[] | Refusal> {
    const complete: OnvifProfile[] = [];
    for (const [index, { hasPtz: _, ...profile }] of profiles.entries()) {
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

  #failed({ failure, message }: Refusal): OnvifResult {
    return { ok: false, failure: failureName(failure), message, clockDriftSec: this.#driftSec };
  }
}

/** True when a device may well answer the next question although it did not answer this one. */
function mayGoOn({ failure }: Refusal): boolean {
  return failure === 'not-supported';
}

function failureName(failure: CallFailure): Extract<OnvifResult, { ok: false }>['failure'] {
  return failure === 'not-supported' ? 'protocol-error' : failure;
}
