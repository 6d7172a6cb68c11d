import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCommand } from '../../gateway/telemetry/command-inbox.ts';
import { PacketSizeLimit } from '../../gateway/telemetry/packet-size-limit.ts';
import { trackerProject } from '../../gateway/telemetry/payloads.ts';
import { Topics } from '../../gateway/telemetry/topics.ts';
import { Conformance } from '../../gateway/telemetry/tracker-sim/conformance.ts';
import { PayloadSchemas } from '../../gateway/telemetry/tracker-sim/payload-schemas.ts';
import { simReport } from '../../gateway/telemetry/tracker-sim/sim-report.ts';
import { simScreen } from '../../gateway/telemetry/tracker-sim/sim-screen.ts';
import { parseTrackerRequest } from '../../gateway/telemetry/tracker-inbox.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

const json = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text));
const nearProject = fc
  .record(
    {
      name: fc.oneof(fc.string(), fc.constant(null)),
      district: fc.anything(),
      lat: fc.oneof(fc.double(), fc.string()),
      milestones: fc.array(
        fc.record({ name: fc.string(), dueOn: fc.oneof(fc.string(), fc.constant('2026-12-01')) }),
      ),
    },
    { requiredKeys: [] },
  )
  .map((value) => Buffer.from(JSON.stringify(value)));
const payloads = fc.oneof(fc.uint8Array({ maxLength: 2000 }), json, nearProject);

it('the tracker’s inbox reads any bytes into one of its three outcomes', () => {
  fc.assert(
    fc.property(fc.string(), payloads, (externalId, payload) => {
      const request = parseTrackerRequest(externalId, payload);
      if (request.kind === 'upsert') expect(trackerProject.parse(request.body)).toEqual(request.body);
      if (request.kind === 'bad') expect(request.message.length).toBeLessThanOrEqual(2000);
      if (request.kind === 'archive') expect(payload.length).toBe(0);
    }),
    fuzzRuns(),
  );
});

it('the command inbox reads any bytes into a command or nothing', () => {
  fc.assert(
    fc.property(payloads, (payload) => {
      expect(['snapshot', 'check', undefined]).toContain(parseCommand(payload)?.do);
    }),
    fuzzRuns(),
  );
});

it('topics of any text are read without a fault', () => {
  const topics = new Topics('gantry/g1');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((rest) => `gantry/g1/cameras/${rest}`),
      ),
      (topic) => {
        const parsed = topics.parse(topic);
        if (parsed?.kind === 'camera-command')
          expect(topic).toBe(`gantry/g1/cameras/${parsed.cameraId}/command`);
      },
    ),
    fuzzRuns(),
  );
});

const schemas = await PayloadSchemas.load(join(import.meta.dirname, '../../config/mqtt'));

it('the simulator judges any message on any topic, and what is wrong is one violation at least', () => {
  const topic = fc.oneof(
    fc.string().map((rest) => `gantry/g1/${rest}`),
    fc
      .constantFrom(
        'status',
        'cameras/a/health',
        'cameras/a/snapshots',
        'cameras/a/events',
        'projects/p/health',
      )
      .map((below) => `gantry/g1/${below}`),
    fc.constantFrom(
      'gantry/g1/tracker/errors',
      'gantry/g1/evidence/2026-11-23',
      'gantry/g1/tracker/projects/K',
    ),
  );
  const messages = fc.array(fc.record({ topic, payload: payloads, retained: fc.boolean() }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(messages, (told) => {
      const rules = { timeZone: 'Asia/Shanghai', warnDays: 7 };
      const seen = new Conformance({ schemas, root: 'gantry/g1', rules, now: () => 0 });
      for (const message of told) {
        const before = seen.violationCount;
        const bytes = Buffer.from(message.payload);
        seen.take({ ...message, payload: bytes, dup: false, responseTopic: null, correlationData: null });
        const kind = schemas.kindOf(message.topic.slice('gantry/g1/'.length));
        if (kind === undefined || (bytes.length > 0 && !isJson(bytes)))
          expect(seen.violationCount).toBe(before + 1);
      }
      seen.finish();
      expect(simScreen(simReport(seen, run), 0, { columns: 80, rows: 24 })).not.toBe('');
    }),
    fuzzRuns(),
  );
});

const run = { url: '', root: '', protocol: null, connected: false, seconds: 0, at: '' };

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

it('the size limit comes to the same verdict however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.integer({ min: 1, max: 7 }), (bytes, step) => {
      const whole = new PacketSizeLimit(200).accepts(bytes);
      const cut = new PacketSizeLimit(200);
      let verdict = true;
      for (let at = 0; at < bytes.length && verdict; at += step)
        verdict = cut.accepts(bytes.subarray(at, at + step));
      expect(verdict).toBe(whole);
    }),
    fuzzRuns(),
  );
});
