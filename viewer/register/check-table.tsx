import type { Signal } from '@preact/signals';
import { levelOf } from '../check/check-findings.ts';
import { clockCell } from '../check/finding-text.ts';
import { secondsText } from '../format/duration-text.ts';
import { codecText, sizeText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { CheckWord } from './check-word.tsx';
import { shortName } from './device-name.tsx';
import { hostOf } from './found-device.ts';
import type { FindingCode } from '../check/check-findings.ts';
import type { CheckRun, DeviceCheck } from './check-run.ts';
import type { FoundDevice } from './found-device.ts';

interface CheckTableProps {
  devices: readonly FoundDevice[];
  checks: CheckRun;
  selected: Signal<string>;
}

const COLUMNS = ['codec', 'size', 'fps', 'bitrate', 'gop', 'clock'] as const;

/** What was measured of each device, against what it should be. */
export function CheckTable({ devices, checks, selected }: CheckTableProps) {
  return (
    <div class="g-panel register-table register-check">
      <table class="g-table">
        <thead>
          <tr>
            <th>{translate('register.device')}</th>
            {COLUMNS.map((column) => (
              <th key={column}>
                {translate(`register.col.${column}`)}
                <small>{translate(`register.aim.${column}`)}</small>
              </th>
            ))}
            <th>{translate('register.verdict')}</th>
          </tr>
        </thead>
        <tbody>
          {devices.map((found) => (
            <CheckRow
              key={found.key}
              found={found}
              check={checks.checks.value.get(found.key)}
              isSelected={found.key === selected.value}
              onSelect={() => (selected.value = found.key)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CheckRowProps {
  found: FoundDevice;
  check: DeviceCheck | undefined;
  isSelected: boolean;
  onSelect: () => void;
}

function CheckRow({ found: { device }, check, isSelected, onSelect }: CheckRowProps) {
  return (
    <tr aria-selected={isSelected} onClick={onSelect}>
      <td class="two">
        <button aria-pressed={isSelected} onClick={onSelect}>
          {shortName(device)}
        </button>
        <span>{hostOf(device)}</span>
      </td>
      {COLUMNS.map((column) => (
        <Cell key={column} column={column} check={check} />
      ))}
      <td>
        <CheckWord check={check} />
      </td>
    </tr>
  );
}

function Cell({ column, check }: { column: (typeof COLUMNS)[number]; check: DeviceCheck | undefined }) {
  const text = check?.state === 'done' ? valueOf(column, check) : null;
  if (text === null || check?.state !== 'done') return <td class="dim">—</td>;
  const level = levelOf(check.findings, column satisfies FindingCode);
  return (
    <td class={`c ${level}`}>
      <Lamp shape={level} />
      <span>{text}</span>
    </td>
  );
}

function valueOf(
  column: (typeof COLUMNS)[number],
  { check: { main, clockDriftSec } }: Extract<DeviceCheck, { state: 'done' }>,
): string | null {
  if (column === 'clock') return clockDriftSec === null ? null : clockCell(clockDriftSec);
  if (main === null) return null;
  const { codec, width, height, fps, bitrateKbps, gopSec } = main;
  const values = {
    codec: codec === null ? null : codecText(codec),
    size: height === null ? null : sizeText(width, height),
    fps: fps === null ? null : String(Math.round(fps * 10) / 10),
    bitrate: bitrateKbps === null ? null : (bitrateKbps / 1000).toFixed(1),
    gop: gopSec === null ? null : secondsText(gopSec),
  };
  return values[column];
}
