import { describe, expect, test } from 'vitest';
import { ArrivalWatch } from '../../../../viewer/player/arrival-watch.ts';
import { NetworkGuide } from '../../../../viewer/player/network-guide.ts';

const LOOK_MS = 500;

/** A network in seconds: media made at `kbps`, of which the network carries at most `carriesKbps`. */
class Network {
  nowMs = 1000;
  bytes = 0;
  newestSec = 100;
  run = 1;

  /** Lets time pass; `look` is called twice a second. */
  pass(sec: number, kbps: number, carriesKbps: number, look: (arrival: Network) => void): void {
    const share = Math.min(1, carriesKbps / kbps);
    for (let gone = 0; gone < sec * 1000; gone += LOOK_MS) {
      this.nowMs += LOOK_MS;
      this.newestSec += (LOOK_MS / 1000) * share;
      this.bytes += (kbps * share * LOOK_MS) / 8;
      look(this);
    }
  }
}

describe('the watch over what arrives', () => {
  const told = (sec: number, kbps: number, carriesKbps: number): string[] => {
    const watch = new ArrivalWatch(1.5);
    const verdicts: string[] = [];
    new Network().pass(sec, kbps, carriesKbps, (arrival) => verdicts.push(watch.look(arrival)));
    return verdicts;
  };

  test('is content with media in real time', () => {
    expect(new Set(told(120, 3000, 10_000))).toEqual(new Set(['in-time']));
  });
  test('finds a third of the needed rate late within four seconds', () => {
    expect(told(4, 3000, 1000).at(-1)).toBe('late');
  });
  test('finds nine tenths of the needed rate late within a minute', () => {
    expect(told(30, 3000, 2700).at(-1)).toBe('late');
  });
  test('does not take a drifting clock of the camera for the network', () => {
    // A second lost in an hour.
    expect(told(7200, 3000, 2999.2)).not.toContain('late');
  });
  test('does not blame the network for a camera that pauses and begins anew', () => {
    const watch = new ArrivalWatch(1.5);
    const network = new Network();
    const verdicts: string[] = [];
    const look = (arrival: Network) => verdicts.push(watch.look(arrival));
    network.pass(10, 3000, 10_000, look);
    network.pass(20, 3000, 0, look);
    network.run += 1;
    network.pass(10, 3000, 10_000, look);
    expect(verdicts).not.toContain('late');
  });
  test('knows the rate of the stream on a network that does not carry it', () => {
    const watch = new ArrivalWatch(1.5);
    new Network().pass(10, 3000, 1000, (arrival) => watch.look(arrival));
    expect(watch.streamKbps).toBeCloseTo(3000);
  });
});

describe('the guide', () => {
  class Viewer {
    readonly network = new Network();
    probes: (number | null)[] = [];
    changes = 0;
    readonly guide = new NetworkGuide({
      probe: () => Promise.resolve(this.probes.shift() ?? null),
      toldKbps: () => 4000,
      onChange: () => {
        this.changes += 1;
        this.begin();
      },
    });

    begin(): void {
      this.guide.begin(this.guide.limited ? 'sub' : 'main', 1.5, this.network.nowMs);
      this.network.run += 1;
    }

    async watch(sec: number, carriesKbps: number): Promise<void> {
      for (let gone = 0; gone < sec; gone += 1) {
        const kbps = this.guide.limited ? 500 : 3000;
        this.network.pass(1, kbps, carriesKbps, (arrival) => this.guide.look(arrival));
        // Lets a probe answer.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  const started = (): Viewer => {
    const viewer = new Viewer();
    viewer.begin();
    return viewer;
  };

  test('stays on the main stream that comes in time', async () => {
    const viewer = started();
    await viewer.watch(300, 10_000);
    expect([viewer.guide.limited, viewer.changes]).toEqual([false, 0]);
  });

  test('moves to the sub stream, and back after half a minute in time', async () => {
    const viewer = started();
    await viewer.watch(6, 1000);
    expect(viewer.guide.limited).toBe(true);
    await viewer.watch(25, 10_000);
    expect(viewer.guide.limited).toBe(true);
    await viewer.watch(10, 10_000);
    expect([viewer.guide.limited, viewer.changes]).toEqual([false, 2]);
  });

  test('stays on the sub stream while a short download shows that the main one would not fit', async () => {
    const viewer = started();
    await viewer.watch(6, 1000);
    viewer.probes = [990, 1100, 3700];
    await viewer.watch(100, 1000);
    // 3.7 Mb/s is less than what 3 Mb/s need with their margin.
    expect([viewer.guide.limited, viewer.changes, viewer.probes]).toEqual([true, 1, []]);
  });

  test('waits twice as long after a return that failed', async () => {
    const viewer = started();
    await viewer.watch(6, 1000);
    await viewer.watch(32, 1000);
    expect(viewer.changes).toBe(2);
    await viewer.watch(6, 1000);
    expect(viewer.changes).toBe(3);
    await viewer.watch(55, 1000);
    expect(viewer.changes).toBe(3);
    await viewer.watch(4, 1000);
    expect(viewer.changes).toBe(4);
  });
});
