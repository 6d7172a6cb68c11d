import type { OtherSoundTrack } from '../media.ts';
import type { SdpFormat } from '../rtsp/sdp.ts';

const MOST_CHANNELS = 8;
const LEAST_HZ = 4000;
const MOST_HZ = 192_000;
const OPUS_HZ = 48_000;
/** RFC 3551 section 4.5.4; cameras write the names with and without a hyphen. */
const G726 = /^(?<aal2>AAL2-)?G726-?(?<kbps>16|24|32|40)$/;
const G726_BITS: Readonly<Record<string, 2 | 3 | 4 | 5>> = { '16': 2, '24': 3, '32': 4, '40': 5 };

/** Sound beside AAC that can be received: G.711, G.726, L16 (RFC 3551) and Opus (RFC 7587); undefined for all else. */
export function readOtherSound({
  encoding,
  clockRate,
  channels,
  parameters,
}: SdpFormat): OtherSoundTrack | undefined {
  if (clockRate < LEAST_HZ || clockRate > MOST_HZ || channels > MOST_CHANNELS) return undefined;
  const track = { kind: 'audio', timescale: clockRate, channels } as const;
  switch (encoding) {
    case 'PCMU':
      return { ...track, codec: 'pcmu' };
    case 'PCMA':
      return { ...track, codec: 'pcma' };
    case 'L16':
      return { ...track, codec: 'l16' };
    case 'OPUS':
      // The rtpmap always says 48000/2; whether it is stereo stands elsewhere (RFC 7587 section 6.1).
      if (clockRate !== OPUS_HZ) return undefined;
      return { ...track, codec: 'opus', channels: parameters.get('sprop-stereo') === '1' ? 2 : 1 };
    default:
      return channels === 1 ? readG726(encoding, track) : undefined;
  }
}

function readG726(
  encoding: string,
  track: Pick<OtherSoundTrack, 'kind' | 'timescale' | 'channels'>,
): OtherSoundTrack | undefined {
  const { aal2, kbps = '' } = G726.exec(encoding)?.groups ?? {};
  const bits = G726_BITS[kbps];
  return (
    bits && { ...track, codec: 'g726', g726: { bits, packing: aal2 === undefined ? 'rfc3551' : 'aal2' } }
  );
}
