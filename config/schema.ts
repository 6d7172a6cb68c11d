import { z } from 'zod';
import { snapshotSchedule } from '../gateway/contract/schedule.ts';
import { privateNetworks } from './network-defaults.ts';

/** A secret given as text or as `{ file: path }`; read at start. */
const secret = z.union([
  z.string().min(1),
  z.strictObject({ file: z.string().min(1).describe('File that holds the secret') }),
]);
export type Secret = z.infer<typeof secret>;

const port = z.number().int().min(0).max(65535);

const http = z
  .strictObject({
    port: port
      .default(8080)
      .describe('TCP port of the web interface, API and live pictures; 0 picks a free one'),
    host: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all'),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        'Address under which others reach the gateway; the start of picture URLs sent to the tracker',
      ),
    trustProxy: z.boolean().default(false).describe('Believe X-Forwarded-* from a proxy in front'),
  })
  .prefault({})
  .describe('Web server');

const admin = z
  .strictObject({
    initialPassword: secret
      .optional()
      .describe('Password of the first user `admin`; generated and printed once when absent'),
  })
  .prefault({})
  .describe('First start');

const mqtt = z
  .strictObject({
    url: z
      .url({ protocol: /^(mqtts?|wss?)$/ })
      .optional()
      .describe('Broker, as in mqtt://host:1883; absent: the embedded one'),
    username: z.string().optional().describe('User name at the broker'),
    password: secret.optional().describe('Password at the broker'),
    topicRoot: z.string().optional().describe('Root of all topics; absent: gantry/{gateway.id}'),
    embedded: z
      .strictObject({
        port: port.default(1883).describe('Port of the embedded broker; 0 turns it off'),
        host: z
          .string()
          .default('127.0.0.1')
          .describe('Address it listens on; it asks no password, so open it to a trusted network only'),
      })
      .prefault({})
      .describe('Embedded broker'),
  })
  .prefault({})
  .describe('Telemetry to the project tracker');

const discovery = z
  .strictObject({
    interfaces: z
      .array(z.string())
      .default([])
      .describe('Network interfaces to search, as in [eth1]; empty: all but lo'),
    allowedNetworks: z
      .array(z.string())
      .default([...privateNetworks])
      .describe('Networks (CIDR) that the gateway may contact for cameras'),
    timeoutSec: z.number().min(1).max(300).default(5).describe('How long a multicast search listens'),
  })
  .prefault({})
  .describe('Finding cameras');

const ingest = z
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

const live = z
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

const transcode = z
  .strictObject({
    maxConcurrent: z
      .number()
      .int()
      .min(0)
      .max(64)
      .default(2)
      .describe(
        'Cameras converted to H.264 at once, for browsers that cannot play their own codec; 0 converts none',
      ),
  })
  .prefault({})
  .describe('Conversion with FFmpeg');

const snapshots = z
  .strictObject({
    schedule: snapshotSchedule
      .prefault({ everyMin: 30, from: '06:00', to: '20:00' })
      .describe('When pictures are taken where a camera has no schedule of its own'),
    timeZone: z
      .string()
      .default('Asia/Shanghai')
      .describe('Site time zone (IANA name) of schedules and days'),
    retention: z
      .strictObject({
        allDays: z
          .number()
          .int()
          .min(1)
          .default(3650)
          .describe('Days for which every picture is kept; this version deletes none'),
      })
      .prefault({})
      .describe('How long pictures are kept'),
    maxConcurrent: z.number().int().min(1).max(64).default(4).describe('Pictures decoded at once'),
    sheetCacheMb: z
      .number()
      .int()
      .min(16)
      .max(65536)
      .default(256)
      .describe('Disk for sheets of thumbnails; they are made again when wanted'),
    captureTimeoutSec: z.number().min(3).max(300).default(20).describe('Time for one try to take a picture'),
  })
  .prefault({})
  .describe('Record of progress');

const timelapse = z
  .strictObject({
    maxPictures: z.number().int().min(2).max(100_000).default(6000).describe('Most pictures in one film'),
    maxQueued: z.number().int().min(1).max(1000).default(20).describe('Films that may wait at once'),
    keepDays: z
      .number()
      .int()
      .min(1)
      .max(36_500)
      .default(180)
      .describe('Days that a film is kept; the pictures it was made of are not touched'),
    reserveMb: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .default(1024)
      .describe('A film is not begun when less than this would stay free on the disk, MB'),
  })
  .prefault({})
  .describe('Time-lapse films');

const shares = z
  .strictObject({
    maxDays: z.number().int().min(1).max(3650).default(30).describe('Longest life of a share link, days'),
    maxOpen: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(200)
      .describe('Share links that one person may have open at once'),
  })
  .prefault({})
  .describe('Links that open one camera or one pair of pictures without sign-in');

const audit = z
  .strictObject({
    keepDays: z
      .number()
      .int()
      .min(30)
      .max(36_500)
      .default(1825)
      .describe('Days that entries are kept; the removal of older ones is an entry itself'),
  })
  .prefault({})
  .describe('Audit: who changed and who watched what');

const status = z
  .strictObject({
    probeIntervalSec: z
      .number()
      .min(5)
      .max(86400)
      .default(300)
      .describe('How often an idle camera is looked at'),
  })
  .prefault({})
  .describe('Health of cameras');

const tracker = z
  .strictObject({
    warnDays: z
      .number()
      .int()
      .min(0)
      .max(365)
      .default(7)
      .describe('A step is yellow this many days before its due date'),
  })
  .prefault({})
  .describe('Project tracker');

/** The whole configuration: types, defaults and documentation come from here alone. */
export const configSchema = z.strictObject({
  gateway: z
    .strictObject({
      id: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, - and _')
        .default('gantry-1')
        .describe('Name of this gateway in MQTT topics'),
    })
    .prefault({})
    .describe('This gateway'),
  dataDir: z.string().default('./data').describe('Folder of database, keys and pictures'),
  http,
  admin,
  mqtt,
  discovery,
  ingest,
  live,
  transcode,
  snapshots,
  timelapse,
  shares,
  audit,
  status,
  tracker,
  store: z
    .strictObject({
      url: z.string().optional().describe('Database: sqlite:PATH; absent: gantry.db in dataDir'),
    })
    .prefault({})
    .describe('Database'),
  blobs: z
    .strictObject({
      url: z.string().optional().describe('Pictures: file:PATH; absent: pictures/ in dataDir'),
    })
    .prefault({})
    .describe('Pictures'),
  ffmpeg: z
    .strictObject({
      path: z.string().optional().describe('FFmpeg program; absent: GANTRY_FFMPEG, PATH, then the npm build'),
    })
    .prefault({})
    .describe('FFmpeg'),
  demo: z
    .strictObject({
      cameras: z
        .number()
        .int()
        .min(0)
        .max(500)
        .default(0)
        .describe('Simulated cameras to start (4 under ./scripts/start)'),
      basePort: port
        .default(28800)
        .describe('First port of the simulated cameras, two for each; 0 picks free ones'),
    })
    .prefault({})
    .describe('Demo site'),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .describe('Least level that is logged'),
    })
    .prefault({})
    .describe('Log'),
});

/** The configuration with all defaults filled in. */
export type Config = z.infer<typeof configSchema>;
