/** The AAC that a camera's sound becomes, known before the conversion runs. */
export interface SoundPlan {
  /** Sampling rate, Hz. */
  rate: number;
  channels: number;
  kbps: number;
  /** RFC 6381: AAC-LC. */
  codecString: 'mp4a.40.2';
  /** AudioSpecificConfig, ISO 14496-3. */
  config: Uint8Array;
  /** A frame of silence. */
  silence: Uint8Array;
}

/** Samples of one AAC-LC frame; FFmpeg's encoder gives one frame of silence before the sound begins. */
export const AAC_FRAME_SAMPLES = 1024;
export const AAC_PRIMING_FRAMES = 1;

const NARROW_HZ = 16_000;
const WIDE_HZ = 32_000;
const KBPS_A_CHANNEL = { [NARROW_HZ]: 32, [WIDE_HZ]: 64 } as const;
/** samplingFrequencyIndex, ISO 14496-3 table 1.18. */
const RATE_INDEX = { [NARROW_HZ]: 8, [WIDE_HZ]: 5 } as const;
const AAC_LC = 2;
/** One channel element without spectrum, then the end (ISO 14496-3, 4.4.2); by channels. */
const SILENCE = {
  1: Uint8Array.of(0x01, 0x18, 0x20, 0x07),
  2: Uint8Array.of(0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c),
};

/**
 * AAC-LC for sound of so many samples a second: 16 kHz for telephone sound (8 kHz AAC is not played everywhere), else
 * 32 kHz, which costs half of 48 kHz and is more than cameras' microphones give; at most two channels.
 */
export function planSound({ timescale, channels }: { timescale: number; channels: number }): SoundPlan {
  const rate = timescale <= NARROW_HZ ? NARROW_HZ : WIDE_HZ;
  const outChannels = channels === 1 ? 1 : 2;
  const config = (AAC_LC << 11) | (RATE_INDEX[rate] << 7) | (outChannels << 3);
  return {
    rate,
    channels: outChannels,
    kbps: KBPS_A_CHANNEL[rate] * outChannels,
    codecString: 'mp4a.40.2',
    config: Uint8Array.of(config >> 8, config & 255),
    silence: SILENCE[outChannels],
  };
}
