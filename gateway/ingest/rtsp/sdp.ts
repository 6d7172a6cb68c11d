/** One payload format of a media line: rtpmap (RFC 8866 section 6.6) with its fmtp parameters, names in lower case. */
export interface SdpFormat {
  payloadType: number;
  /** Encoding name in upper case, as in `H264`. */
  encoding: string;
  clockRate: number;
  channels: number;
  parameters: ReadonlyMap<string, string>;
}

export interface SdpMedia {
  /** `video`, `audio`, `application`, … */
  type: string;
  /** Text of a=control; null when absent. */
  control: string | null;
  /** Frames a second from a=framerate or a=x-framerate; null when absent. */
  framerate: number | null;
  /** Picture size in pixels from a=x-dimensions, a=framesize or a=cliprect; null when absent. */
  dimensions: { width: number; height: number } | null;
  /** True for a=sendonly: where the picture is not so marked, a back channel to the camera's loudspeaker. */
  sendOnly: boolean;
  formats: SdpFormat[];
}

export interface SdpDescription {
  /** Session-level a=control; null when absent. */
  control: string | null;
  media: SdpMedia[];
}

interface StaticFormat {
  encoding: string;
  clockRate: number;
  channels?: number;
}

/** RFC 3551 tables 4 and 5, those that cameras use, and 2 as RFC 1890 had it (G.721). */
const STATIC_FORMATS: Readonly<Record<number, StaticFormat>> = {
  0: { encoding: 'PCMU', clockRate: 8000 },
  2: { encoding: 'G726-32', clockRate: 8000 },
  3: { encoding: 'GSM', clockRate: 8000 },
  4: { encoding: 'G723', clockRate: 8000 },
  8: { encoding: 'PCMA', clockRate: 8000 },
  9: { encoding: 'G722', clockRate: 8000 },
  10: { encoding: 'L16', clockRate: 44100, channels: 2 },
  11: { encoding: 'L16', clockRate: 44100 },
  14: { encoding: 'MPA', clockRate: 90000 },
  26: { encoding: 'JPEG', clockRate: 90000 },
  31: { encoding: 'H261', clockRate: 90000 },
  32: { encoding: 'MPV', clockRate: 90000 },
  34: { encoding: 'H263', clockRate: 90000 },
};
const MAX_MEDIA = 64;

interface MediaDraft {
  type: string;
  payloadTypes: number[];
  attributes: [name: string, value: string][];
}

/** Reads an SDP (RFC 8866) as cameras write it: bare LF, stray spaces and unknown lines do no harm. Never throws. */
export function parseSdp(text: string): SdpDescription {
  const session: MediaDraft = { type: '', payloadTypes: [], attributes: [] };
  const drafts: MediaDraft[] = [];
  for (const raw of text.split(/[\r\n]+/)) {
    const line = raw.trim();
    if (line.startsWith('m=') && drafts.length < MAX_MEDIA) {
      const [type = '', , , ...formats] = line.slice(2).trim().split(/\s+/);
      drafts.push({ type: type.toLowerCase(), payloadTypes: formats.map(Number), attributes: [] });
    } else if (line.startsWith('a=')) {
      const [, name = '', value = ''] = /^a=\s*([^:\s]+)\s*:?\s*(.*)$/.exec(line) ?? [];
      (drafts.at(-1) ?? session).attributes.push([name.toLowerCase(), value.trim()]);
    }
  }
  return { control: attribute(session, 'control'), media: drafts.map(toMedia) };
}

function toMedia(draft: MediaDraft): SdpMedia {
  const framerate = Number.parseFloat(attribute(draft, 'framerate') ?? attribute(draft, 'x-framerate') ?? '');
  return {
    type: draft.type,
    control: attribute(draft, 'control'),
    framerate: framerate > 0 && framerate <= 240 ? framerate : null,
    dimensions: readDimensions(draft),
    sendOnly: attribute(draft, 'sendonly') !== null,
    formats: draft.payloadTypes
      .filter((type) => Number.isInteger(type) && type >= 0 && type <= 127)
      .map((type) => toFormat(draft, type))
      .filter((format) => format !== undefined),
  };
}

/** `x-dimensions:1920,1080`, `framesize:26 1920-1080`, or `cliprect:0,0,1080,1920` (height before width). */
function readDimensions(draft: MediaDraft): SdpMedia['dimensions'] {
  const plain = /^(\d{1,5})\s*[,xX]\s*(\d{1,5})$/.exec(
    attribute(draft, 'x-dimensions') ?? attribute(draft, 'dimensions') ?? '',
  );
  const framesize = /^(?:\d+\s+)?(\d{1,5})\s*[-x]\s*(\d{1,5})$/i.exec(attribute(draft, 'framesize') ?? '');
  const cliprect = /^\d+,\d+,(?<height>\d{1,5}),(?<width>\d{1,5})$/.exec(attribute(draft, 'cliprect') ?? '');
  const [, width, height] = plain ?? framesize ?? [];
  const size = {
    width: Number(width ?? cliprect?.groups?.['width']),
    height: Number(height ?? cliprect?.groups?.['height']),
  };
  return size.width > 0 && size.height > 0 ? size : null;
}

function toFormat(draft: MediaDraft, payloadType: number): SdpFormat | undefined {
  const map = readMap(numbered(draft, 'rtpmap', payloadType) ?? '');
  const { encoding, clockRate, channels = 1 } = map ?? STATIC_FORMATS[payloadType] ?? {};
  if (!encoding || !clockRate || clockRate > 1_000_000) return undefined;
  return {
    payloadType,
    encoding,
    clockRate,
    channels: Math.max(1, Math.min(64, channels)),
    parameters: parseParameters(numbered(draft, 'fmtp', payloadType) ?? misnumbered(draft) ?? ''),
  };
}

function readMap(text: string): StaticFormat | undefined {
  const [, encoding, clockRate, channels] = /^([^/\s]+)\s*\/\s*(\d+)(?:\s*\/\s*(\d+))?/.exec(text) ?? [];
  if (encoding === undefined) return undefined;
  return {
    encoding: encoding.toUpperCase(),
    clockRate: Number(clockRate),
    ...(channels === undefined ? {} : { channels: Number(channels) }),
  };
}

function parseParameters(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of text.split(';')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name) parameters.set(name, equals < 0 ? '' : part.slice(equals + 1).trim());
  }
  return parameters;
}

function attribute(draft: MediaDraft, name: string): string | null {
  return draft.attributes.find(([key]) => key === name)?.[1] ?? null;
}

/** The parameters of a media line with one format, told under another payload type (Hikvision NVRs: `104` and `fmtp:97`). */
function misnumbered(draft: MediaDraft): string | undefined {
  const told = draft.attributes.filter(([key]) => key === 'fmtp');
  if (draft.payloadTypes.length !== 1 || told.length !== 1) return undefined;
  return /^\d+\s+(.*)$/.exec(told[0]?.[1] ?? '')?.[1];
}

/** Value of an attribute that begins with a payload type, without it. */
function numbered(draft: MediaDraft, name: string, payloadType: number): string | undefined {
  for (const [key, value] of draft.attributes) {
    const match = key === name ? /^(\d+)\s+(.*)$/.exec(value) : null;
    if (match && Number(match[1]) === payloadType) return match[2];
  }
  return undefined;
}
