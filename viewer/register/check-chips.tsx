import type { Signal } from '@preact/signals';
import { lampOf } from '../check/check-findings.ts';
import { Lamp } from '../icons/lamp.tsx';
import { shortName } from './device-name.tsx';
import type { CheckRun, DeviceCheck } from './check-run.ts';
import type { FoundDevice } from './found-device.ts';

interface CheckChipsProps {
  devices: readonly FoundDevice[];
  checks: CheckRun;
  selected: Signal<string>;
}

/** The devices as a row of chips, on a phone. */
export function CheckChips({ devices, checks, selected }: CheckChipsProps) {
  return (
    <div class="register-chips">
      {devices.map(({ key, device }) => (
        <button key={key} aria-pressed={key === selected.value} onClick={() => (selected.value = key)}>
          <Lamp shape={shapeOf(checks.checks.value.get(key))} />
          {shortName(device)}
        </button>
      ))}
    </div>
  );
}

function shapeOf(check: DeviceCheck | undefined): 'ok' | 'warn' | 'bad' | 'off' {
  if (check?.state === 'done') return lampOf(check.findings);
  return check?.state === 'failed' ? 'bad' : 'off';
}
