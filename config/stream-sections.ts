import { z } from 'zod';

/** How streams are pulled. */
export const ingest = z
  .strictObject({
    mode: z
      .enum(['onDemand', 'always'])
      .default('onDemand')
      .describe('Pull only while someone needs the picture, or always'),
    idleTimeoutSec: z
      .number()
      .min(0)
      .max(3600)
      .default(30)
      .describe('A pull that nobody uses ends after this time'),
    connectTimeoutSec: z
      .number()
      .min(1)
      .max(120)
      .default(10)
      .describe('Time for a camera to answer each step'),
    noFramesTimeoutSec: z
      .number()
      .min(1)
      .max(300)
      .default(10)
      .describe('A pull without frames for this long is started anew'),
    transport: z
      .enum(['auto', 'tcp', 'udp'])
      .default('auto')
      .describe(
        'How RTP comes: auto is TCP, and UDP from cameras that refuse TCP; udp is UDP, and TCP where no packet comes',
      ),
  })
  .prefault({})
  .describe('Pulling streams');

/** How live pictures are packed. */
export const live = z
  .strictObject({
    segmentSec: z
      .number()
      .min(1)
      .max(10)
      .default(2)
      .describe('Aimed length of an HLS segment; cut at key frames'),
    segments: z.number().int().min(3).max(20).default(6).describe('Segments kept in a playlist'),
  })
  .prefault({})
  .describe('Live packaging');

/** When FFmpeg converts. */
export const transcode = z
  .strictObject({
    maxConcurrent: z
      .number()
      .int()
      .min(0)
      .max(64)
      .default(2)
      .describe(
        'Pictures converted to H.264 at once: of codecs that the browser cannot play, and the low rendition; 0 converts none',
      ),
    maxConcurrentSound: z
      .number()
      .int()
      .min(0)
      .max(256)
      .default(16)
      .describe(
        'Streams whose sound (G.711, G.726, L16, Opus) is converted to AAC at once, one small FFmpeg each, about 1 % of a core and 50 MB; further ones are shown without sound, 0 converts none',
      ),
    low: z
      .strictObject({
        aboveWidth: z
          .number()
          .int()
          .min(320)
          .max(7680)
          .default(1280)
          .describe('A stream wider than this is no sub stream for a phone, pixels'),
        aboveKbps: z
          .number()
          .int()
          .min(100)
          .max(100_000)
          .default(1000)
          .describe('A stream of more than this is none either, kbit/s'),
      })
      .prefault({})
      .describe(
        'When a camera gets the rendition low (at most 640 wide, 400 kbit/s), made from its smallest stream: when that is not H.264, or larger than this',
      ),
  })
  .prefault({})
  .describe('Conversion with FFmpeg');
