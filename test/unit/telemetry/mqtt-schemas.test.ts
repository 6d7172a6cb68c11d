import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { projectLight } from '../../../gateway/summaries/project-light.ts';
import { projectHealthOf } from '../../../gateway/telemetry/project-health.ts';
import { mqttSchemas } from '../../../scripts/generate-mqtt-schemas.ts';
import { changeOf, healthOf, snapshotOf } from './gateway-parts.ts';

const at = '2026-11-23T06:00:00.000Z';
const files = mqttSchemas();

/** One message of each kind, as the gateway makes it or the tracker sends it. */
const samples: Readonly<Record<string, unknown>> = {
  status: {
    schema: 1,
    at,
    state: 'online',
    session: 1,
    version: '0.1.0',
    cameras: { total: 1, green: 1, yellow: 0, red: 0, grey: 0 },
  },
  'camera-health': healthOf('a', 'red'),
  'camera-snapshot': { schema: 1, at, ...snapshotOf('a', 1), url: '/api/v1/snapshots/snp_a_1/image' },
  'light-change': changeOf('a', 'red'),
  'project-health': projectHealthOf(
    { id: 'prj_1', externalId: null, name: 'Bridge' },
    projectLight({ milestones: [], archivedAtMs: null }, [healthOf('a', 'red')], '2026-11-23', 7),
    1,
    at,
  ),
  'tracker-project': { name: '大桥', milestones: [{ id: 'm1', name: '封顶', dueOn: '2026-12-01' }] },
  'tracker-error': { schema: 1, at, topic: 't', code: 'bad-request', message: 'm' },
  'camera-command': { do: 'snapshot' },
  'command-result': { schema: 1, at, cameraId: 'a', do: 'check', ok: true, result: {}, error: null },
};

const validators = new Map<string, ValidateFunction>();

function validatorOf(kind: string): ValidateFunction {
  const known = validators.get(kind);
  if (known) return known;
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
  formats.default(ajv);
  const compiled = ajv.compile(files.get(`${kind}.schema.json`) as object);
  validators.set(kind, compiled);
  return compiled;
}

describe('the JSON Schemas of the messages', () => {
  it('are valid JSON Schemas in the strict reading of an independent validator', () => {
    for (const name of files.keys())
      if (name !== 'asyncapi.json') expect(() => validatorOf(name.replace('.schema.json', ''))).not.toThrow();
  });

  it.each(Object.entries(samples))('of %s takes what is sent', (kind, sample) => {
    const validate = validatorOf(kind);
    expect(validate(sample), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each(Object.entries(samples))('of %s refuses a message without one of its fields', (kind, sample) => {
    const validate = validatorOf(kind);
    const { required = [] } = files.get(`${kind}.schema.json`) as { required?: string[] };
    expect(required.length).toBeGreaterThan(0);
    for (const field of required)
      expect(validate({ ...(sample as object), [field]: undefined }), `without ${field}`).toBe(false);
  });
});

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI 3', () => {
    const document = files.get('asyncapi.json') as { asyncapi: string };
    expect(document.asyncapi).toBe('3.0.0');
    // The document's own schema brings draft 07 along.
    const ajv = new Ajv({
      allErrors: true,
      strict: false,
      validateFormats: false,
      meta: false,
      validateSchema: false,
    });
    const validate = ajv.compile(specs.schemas['3.0.0']);
    expect(validate(document), JSON.stringify(validate.errors?.slice(0, 5))).toBe(true);
    // The judge can tell: without a channel's address as text it is none.
    const broken = { ...document, channels: { status: { address: 7 } } };
    expect(validate(broken)).toBe(false);
  });

  it('has a schema file for every message, and there is no other file', () => {
    const text = JSON.stringify(files.get('asyncapi.json'));
    const named = [...text.matchAll(/\.\/([\w-]+\.schema\.json)/g)].map(([, name]) => name);
    expect([...files.keys()].toSorted()).toEqual([...named, 'asyncapi.json'].toSorted());
  });
});
