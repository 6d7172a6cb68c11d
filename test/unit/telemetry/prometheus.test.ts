import { expect, it } from 'vitest';
import { Emitter } from '../../../gateway/base/emitter.ts';
import { Prometheus } from '../../../gateway/telemetry/prometheus.ts';

it('renders the gateway’s figures and the process’s own', async () => {
  const fault = (error: unknown) => {
    throw error;
  };
  const taken = new Emitter<void>(fault);
  const gaps = new Emitter<{ reason: string }>(fault);
  let watching = [{ rendition: 'main', kind: 'ws', count: 2 }];
  const prometheus = new Prometheus({
    health: {
      totals: () => ({ green: 3, yellow: 1, red: 0, grey: 2 }),
      runningStreams: () => 4,
      probeBytes: () => 1234,
    },
    live: { viewers: () => watching },
    snapshots: {
      onTaken: (listener) => taken.subscribe(listener),
      onGap: (listener) => gaps.subscribe(listener),
    },
    telemetry: { outboxSize: () => 7, connected: () => true },
  });
  prometheus.start();
  taken.emit();
  taken.emit();
  gaps.emit({ reason: 'unreachable' });
  const text = await prometheus.render();
  for (const line of [
    'gantry_cameras{light="green"} 3',
    'gantry_cameras{light="grey"} 2',
    'gantry_streams_running 4',
    'gantry_probe_bytes_total 1234',
    'gantry_viewers{rendition="main",kind="ws"} 2',
    'gantry_outbox_messages 7',
    'gantry_mqtt_connected 1',
    'gantry_snapshots_total 2',
    'gantry_snapshot_gaps_total{reason="unreachable"} 1',
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).toContain('process_resident_memory_bytes');
  watching = [];
  expect(await prometheus.render()).not.toContain('gantry_viewers{');
  prometheus.stop();
});
