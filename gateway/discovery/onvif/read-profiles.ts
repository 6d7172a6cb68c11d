import type { ServiceAddresses } from './device-replies.ts';
import type { CallResult, DeviceSession } from './device-session.ts';
import { mergeProfiles, readMedia1Profiles, readMedia2Profiles } from './media-replies.ts';
import type { DescribedProfile } from './media-replies.ts';
import { media1Messages, media2Messages } from './onvif-messages.ts';
import type { OnvifMessage } from './onvif-messages.ts';

/** What the media services said, and where they were reached. */
export interface MediaAnswers {
  services: ServiceAddresses;
  profiles: DescribedProfile[];
  media: 'media1' | 'media2' | null;
}

/** A service and what it said. */
interface Asked {
  service: string;
  result: CallResult;
}

type Refusal = Extract<CallResult, { ok: false }>;

/** Asks both media services for their profiles; a failure when neither gave any and one of them failed. */
export async function readProfiles(
  session: DeviceSession,
  xaddr: string,
  services: ServiceAddresses,
): Promise<MediaAnswers | Refusal> {
  const second = await ask(session, xaddr, services.media2, media2Messages.getProfiles);
  const first = await ask(session, xaddr, services.media1, media1Messages.getProfiles);
  const media2 = second?.result.ok ? readMedia2Profiles(second.result.body) : null;
  const media1 = first?.result.ok ? readMedia1Profiles(first.result.body) : null;
  const failure = media1 || media2 ? null : worstOf([second, first]);
  if (failure) return failure;
  return {
    services: { ...services, media1: first?.service ?? null, media2: second?.service ?? null },
    profiles: mergeProfiles(media1 ?? [], media2 ?? []),
    media: media2 ? 'media2' : media1 && 'media1',
  };
}

function worstOf(asked: readonly (Asked | null)[]): Refusal | null {
  const failures = asked.flatMap((each) => (each && !each.result.ok ? [each.result] : []));
  const worst = failures.find(({ failure }) => failure !== 'not-supported');
  // It spoke ONVIF before, so this is a fault of its media service.
  return worst?.failure === 'not-onvif' ? { ...worst, failure: 'protocol-error' } : (worst ?? null);
}

/** Asks a service; where nothing answers at the port it names, at the port that answered before (port forwarding). */
async function ask(
  session: DeviceSession,
  xaddr: string,
  service: string | null,
  message: OnvifMessage,
): Promise<Asked | null> {
  if (service === null) return null;
  const result = await session.call(service, message);
  const lost = !result.ok && (result.failure === 'unreachable' || result.failure === 'not-onvif');
  const named = new URL(service);
  const { origin } = new URL(xaddr);
  if (!lost || named.origin === origin) return { service, result };
  const other = origin + named.pathname + named.search;
  return { service: other, result: await session.call(other, message) };
}
