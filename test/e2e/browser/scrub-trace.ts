import type { CDPSession, Page } from 'playwright-core';

/** How a page did while someone dragged along a ruler. */
export interface ScrubReport {
  /** Mouse moves sent. */
  moves: number;
  /** Times between animation frames by the page's own clock, ms, sorted. */
  framesMs: number[];
  /** Processor time of each task of the page's main thread, ms, sorted; other programs on the machine do not count. */
  taskCpuMs: number[];
  /** Processor time of the main thread between one frame and the next, ms, sorted. */
  frameCpuMs: number[];
  heapMb: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  tdur?: number;
  pid: number;
  tid: number;
  args: { name?: string };
}

const MOVES_A_SECOND = 60;

/** Drags the mouse along `selector` from end to end and back for `seconds` with real input events, and traces the page. */
export async function scrubTrace(page: Page, selector: string, seconds: number): Promise<ScrubReport> {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`${selector} is not on the page`);
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const done = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await page.evaluate(watchFrames);
  await session.send('Tracing.start', {
    categories: 'toplevel,disabled-by-default-devtools.timeline,devtools.timeline,__metadata',
    transferMode: 'ReportEvents',
  });
  const moves = await drag(session, box, seconds);
  await session.send('Tracing.end');
  await done;
  const framesMs = await page.evaluate(() => (window as unknown as { frames: number[] }).frames);
  const heap = await page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );
  await session.detach();
  const sorted = (values: number[]): number[] => values.sort((a, b) => a - b);
  return {
    moves,
    framesMs: sorted(framesMs),
    ...mainThread(events),
    heapMb: heap / 1e6,
  };
}

/** The value that a share of the sorted values does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function watchFrames(): void {
  const frames: number[] = [];
  Object.assign(window, { frames });
  let last = performance.now();
  const tick = (now: number): void => {
    frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

async function drag(
  session: CDPSession,
  box: { x: number; y: number; width: number; height: number },
  seconds: number,
): Promise<number> {
  const y = box.y + box.height / 2;
  const mouse = { button: 'left', buttons: 1, y } as const;
  const x = (share: number): number => box.x + 2 + share * (box.width - 4);
  await session.send('Input.dispatchMouseEvent', { ...mouse, type: 'mousePressed', x: x(1), clickCount: 1 });
  const begun = performance.now();
  const sent: Promise<unknown>[] = [];
  const total = seconds * MOVES_A_SECOND;
  for (let move = 0; move < total; move += 1) {
    const turn = ((move / MOVES_A_SECOND) % 3) / 3;
    const share = turn < 0.5 ? 1 - turn * 2 : turn * 2 - 1;
    sent.push(session.send('Input.dispatchMouseEvent', { ...mouse, type: 'mouseMoved', x: x(share) }));
    const nextMs = begun + ((move + 1) * 1000) / MOVES_A_SECOND - performance.now();
    if (nextMs > 0) await new Promise((resolve) => setTimeout(resolve, nextMs));
  }
  await Promise.all(sent);
  await session.send('Input.dispatchMouseEvent', { ...mouse, type: 'mouseReleased', x: x(1), clickCount: 1 });
  return total;
}

function mainThread(events: readonly TraceEvent[]): Pick<ScrubReport, 'taskCpuMs' | 'frameCpuMs'> {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  // The renderer that works most is the page; others are idle.
  const costs = mains.map(({ pid, tid }) => {
    const own = events.filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X');
    const tasks = own.filter(({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask');
    const frames = own.filter(({ name }) => name === 'FireAnimationFrame').map(({ ts }) => ts);
    return { tasks, frames, sum: tasks.reduce((sum, { tdur = 0 }) => sum + tdur, 0) };
  });
  const page = costs.reduce((most, cost) => (cost.sum > most.sum ? cost : most), {
    tasks: [] as TraceEvent[],
    frames: [] as number[],
    sum: -1,
  });
  const taskCpuMs = page.tasks.map(({ tdur = 0 }) => tdur / 1000).sort((a, b) => a - b);
  return { taskCpuMs, frameCpuMs: byFrame(page.tasks, page.frames) };
}

function byFrame(tasks: readonly TraceEvent[], frames: readonly number[]): number[] {
  const edges = [...frames].sort((a, b) => a - b);
  const costs = edges.slice(1).map(() => 0);
  for (const { ts, tdur = 0 } of tasks) {
    const next = edges.findIndex((edge) => edge > ts);
    if (next > 0) costs[next - 1] = (costs[next - 1] ?? 0) + tdur / 1000;
  }
  return costs.sort((a, b) => a - b);
}
