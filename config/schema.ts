import { z } from 'zod';
import { privateNetworks } from './network-defaults.ts';
import { audit, shares, snapshots, timelapse } from './record-sections.ts';
import { ingest, live, transcode } from './stream-sections.ts';
import { notifications } from './warning-sections.ts';

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
    tls: z
      .strictObject({
        ca: secret
          .optional()
          .describe(
            'Certificate (PEM) of the authority that signed the broker’s; absent: those the machine trusts',
          ),
        cert: secret
          .optional()
          .describe('The gateway’s own certificate (PEM), where the broker asks for one'),
        key: secret.optional().describe('Private key (PEM) of `cert`'),
        keyPassword: secret.optional().describe('Password of an encrypted `key`'),
        serverName: z
          .string()
          .min(1)
          .optional()
          .describe('Name that must stand in the broker’s certificate; absent: the host of `url`'),
      })
      .prefault({})
      .describe('Encryption to the broker, for mqtts: and wss:'),
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

const status = z
  .strictObject({
    probeIntervalSec: z
      .number()
      .min(5)
      .max(86400)
      .default(300)
      .describe('How often an idle camera is looked at: one key frame of its smaller stream'),
    measureIntervalSec: z
      .number()
      .min(0)
      .max(604_800)
      .default(3600)
      .describe(
        'How often an idle camera is watched for 12 s, which shows low frame rates and losses; 0: never. At 500 kbit/s each costs 750 kB',
      ),
    clockIntervalSec: z
      .number()
      .min(10)
      .max(604_800)
      .default(3600)
      .describe('How often a camera is asked for its time (ONVIF)'),
    clockDriftSec: z
      .number()
      .min(1)
      .max(86_400)
      .default(5)
      .describe('A camera whose clock is further off is yellow'),
    extraPictures: z
      .boolean()
      .default(true)
      .describe(
        'Takes a second picture 30 s after one that looks wrong, and more while the fault stands (at most one an hour)',
      ),
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
  notifications,
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
