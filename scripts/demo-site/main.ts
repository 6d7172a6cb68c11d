/** A program: a simulated building site with ONVIF and RTSP cameras. One JSON line on stdout when ready; logs on stderr. */
import { DemoSite } from './demo-site.ts';
import { PortTaken } from './listen-on.ts';
import { BadOption, parseSiteOptions } from './site-options.ts';

const log = (line: string): void => {
  process.stderr.write(`demo-site: ${line}\n`);
};

function exitWithParent(stop: () => void): void {
  if (process.connected) process.on('disconnect', stop);
  else process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
}

async function run(): Promise<void> {
  const options = parseSiteOptions(process.argv.slice(2));
  const site = new DemoSite(options, log);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), 1000).unref();
    site.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  if (options.exitWithParent) exitWithParent(stop);
  const ready = await site.start();
  process.stdout.write(`${JSON.stringify({ ready: true, ...ready })}\n`);
}

run().catch((error: unknown) => {
  log(error instanceof Error ? error.message : String(error));
  process.exit(
    error instanceof PortTaken ? 3 : error instanceof BadOption || error instanceof TypeError ? 2 : 1,
  );
});
