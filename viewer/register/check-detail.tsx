import { useMemo } from 'preact/hooks';
import { problemText } from '../api/problem-text.ts';
import { FindingList } from '../check/finding-list.tsx';
import { clockText } from '../format/clock-text.ts';
import { secondsText } from '../format/duration-text.ts';
import { siteNow } from '../format/site-time.ts';
import { bitrateText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { now } from '../shell/now.ts';
import { shortName } from './device-name.tsx';
import { Preview } from './preview.tsx';
import type { CheckRun, DeviceCheck } from './check-run.ts';
import type { FoundDevice } from './found-device.ts';

/** One device's check at length: its picture, its findings, and a tick for each that can be set right from here. */
export function CheckDetail({ found, checks }: { found: FoundDevice; checks: CheckRun }) {
  const { key, device } = found;
  const check = checks.checks.value.get(key);
  return (
    <section class="g-panel register-fix" aria-label={shortName(device)}>
      <div class="see">
        <div class="g-frame">
          <Preview device={device} />
          <FirstFrame check={check} />
          <Taken key={device.previewUrl} url={device.previewUrl} />
        </div>
        {check?.state === 'done' ? <Measured check={check} /> : null}
      </div>
      <div aria-live="polite">
        <header>
          {shortName(device)}
          <Count check={check} />
        </header>
        {check?.state === 'done' ? (
          <FindingList
            findings={check.findings}
            fixError={checks.fixErrors.value.get(key)}
            fix={() => (
              <label class="g-check">
                <input
                  type="checkbox"
                  disabled={checks.fixing.value}
                  checked={!checks.unticked.value.has(key)}
                  onChange={(event) => checks.tick(key, event.currentTarget.checked)}
                />
                {translate('check.fixClock')}
              </label>
            )}
          />
        ) : null}
        {check?.state === 'busy' ? <p class="register-wait">{translate('register.checkBusy')}</p> : null}
        {check?.state === 'failed' ? (
          <p class="register-wait" role="alert">
            <Lamp shape="bad" /> {problemText(check.error)}
          </p>
        ) : null}
      </div>
    </section>
  );
}

function Count({ check }: { check: DeviceCheck | undefined }) {
  if (check?.state !== 'done' || check.findings.length === 0) return null;
  return <span>{translate('register.findings', { count: check.findings.length })}</span>;
}

/** How long the first frame took from the first contact on, on the picture. */
function FirstFrame({ check }: { check: DeviceCheck | undefined }) {
  const steps = check?.state === 'done' ? check.check.steps : [];
  const last = steps.findIndex(({ name, ok }) => name === 'firstFrame' && ok);
  if (last < 0) return null;
  const ms = steps
    .slice(0, last + 1)
    .filter(({ name }) => name === 'rtsp' || name === 'firstFrame')
    .reduce((sum, step) => sum + step.ms, 0);
  return (
    <span class="g-plate tl">{translate('register.firstFrame', { seconds: secondsText(ms / 1000) })}</span>
  );
}

/** When the picture was taken: the gateway fetched it as this page asked for it. */
function Taken({ url }: { url: string | null }) {
  const taken = useMemo(() => clockText(siteNow()), [url]);
  if (url === null) return null;
  return <span class="g-plate br">{translate('register.takenAt', { time: taken })}</span>;
}

function Measured({ check: { check } }: { check: Extract<DeviceCheck, { state: 'done' }> }) {
  const { clockDriftSec, main } = check;
  return (
    <dl class="g-kv">
      {clockDriftSec === null ? null : (
        <>
          <dt>{translate('register.deviceClock')}</dt>
          <dd>
            <Clocks driftSec={clockDriftSec} />
          </dd>
        </>
      )}
      {main === null ? null : (
        <>
          <dt>{translate('register.bitrate')}</dt>
          <dd>{bitrateText(main.bitrateKbps)}</dd>
        </>
      )}
    </dl>
  );
}

/** The device's clock beside the gateway's, both going. */
function Clocks({ driftSec }: { driftSec: number }) {
  const device = clockText(now.value + driftSec * 1000);
  return <>{translate('register.clocks', { device, gateway: clockText(now.value) })}</>;
}
