import { z } from 'zod';
import { cameraHealth, gatewayStatus, lightChange, projectHealth } from '../gateway/contract/health.ts';
import {
  cameraCommand,
  commandResult,
  evidenceMessage,
  snapshotMessage,
  trackerError,
  trackerProject,
} from '../gateway/telemetry/payloads.ts';

/** One kind of message: its topic below the root, its schema, and which way it goes. */
interface MessageKind {
  topic: string;
  title: string;
  schema: z.ZodType;
  from: 'gateway' | 'tracker';
  retained: boolean;
}

const kinds: Readonly<Record<string, MessageKind>> = {
  status: {
    topic: 'status',
    title: 'Status of the gateway, and its last will (there `at` is the time of the connect)',
    schema: gatewayStatus,
    from: 'gateway',
    retained: true,
  },
  'camera-health': {
    topic: 'cameras/{cameraId}/health',
    title: 'Health of a camera; an empty payload: the camera was removed',
    schema: cameraHealth,
    from: 'gateway',
    retained: true,
  },
  'camera-snapshot': {
    topic: 'cameras/{cameraId}/snapshots',
    title: 'A picture was taken',
    schema: snapshotMessage,
    from: 'gateway',
    retained: false,
  },
  'light-change': {
    topic: 'cameras/{cameraId}/events',
    title: 'The light of a camera has changed',
    schema: lightChange,
    from: 'gateway',
    retained: false,
  },
  'project-health': {
    topic: 'projects/{projectId}/health',
    title: 'Roll-up of a project',
    schema: projectHealth,
    from: 'gateway',
    retained: true,
  },
  'evidence-day': {
    topic: 'evidence/{date}',
    title: 'A day of the record, closed and signed: the Merkle root over the ends of all cameras’ chains',
    schema: evidenceMessage,
    from: 'gateway',
    retained: true,
  },
  'tracker-project': {
    topic: 'tracker/projects/{externalId}',
    title: 'Creates or updates a project; an empty payload archives it',
    schema: trackerProject,
    from: 'tracker',
    retained: true,
  },
  'tracker-error': {
    topic: 'tracker/errors',
    title: 'Why a message of the tracker changed nothing',
    schema: trackerError,
    from: 'gateway',
    retained: false,
  },
  'camera-command': {
    topic: 'cameras/{cameraId}/command',
    title: 'Asks for a picture or a check',
    schema: cameraCommand,
    from: 'tracker',
    retained: false,
  },
  'command-result': {
    topic: 'cameras/{cameraId}/command/result',
    title: 'Answer to a command that named no response topic',
    schema: commandResult,
    from: 'gateway',
    retained: false,
  },
};

/** The files of config/mqtt/: a JSON Schema (2020-12) for each kind of message, and the AsyncAPI 3 document of them all. */
export function mqttSchemas(): Map<string, unknown> {
  const files = new Map<string, unknown>();
  for (const [name, kind] of Object.entries(kinds)) files.set(`${name}.schema.json`, jsonSchemaOf(kind));
  files.set('asyncapi.json', asyncApi());
  return files;
}

function jsonSchemaOf({ title, schema, from }: MessageKind): object {
  return { ...z.toJSONSchema(schema, { io: from === 'tracker' ? 'input' : 'output' }), title };
}

function asyncApi(): object {
  const entries = Object.entries(kinds);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Gantry telemetry',
      version: '1.0.0',
      description:
        'All topics lie below the root gantry/{gatewayId} (mqtt.topicRoot). Every payload is JSON, QoS 1. MQTT 5 where the broker speaks it, else 3.1.1.',
    },
    channels: Object.fromEntries(entries.map(([name, kind]) => [name, channelOf(name, kind)])),
    operations: Object.fromEntries(entries.map(([name, kind]) => [name, operationOf(name, kind)])),
    components: {
      messages: Object.fromEntries(
        entries.map(([name, { title }]) => [
          name,
          { title, contentType: 'application/json', payload: payloadOf(name) },
        ]),
      ),
    },
  };
}

/** The schemas are of draft 2020-12; AsyncAPI's own default is draft 07. */
function payloadOf(name: string): object {
  return {
    schemaFormat: 'application/schema+json;version=draft-2020-12',
    schema: { $ref: `./${name}.schema.json` },
  };
}

function channelOf(name: string, { topic, title }: MessageKind): object {
  const parameters = [...topic.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => [
    parameter,
    { description: 'Opaque identifier' },
  ]);
  return {
    address: `gantry/{gatewayId}/${topic}`,
    description: title,
    parameters: { gatewayId: { description: 'gateway.id' }, ...Object.fromEntries(parameters) },
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  };
}

function operationOf(name: string, { from, retained }: MessageKind): object {
  return {
    action: from === 'gateway' ? 'send' : 'receive',
    channel: { $ref: `#/channels/${name}` },
    bindings: { mqtt: { qos: 1, retain: retained } },
  };
}
