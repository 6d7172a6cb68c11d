import { codecText, sizeText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { DeviceName } from './device-name.tsx';
import { hostOf } from './found-device.ts';
import { Preview } from './preview.tsx';
import type { CheckRun } from './check-run.ts';
import type { Row } from './batch.ts';
import type { Registration } from './registration.ts';

interface AssignRowProps {
  row: Row;
  /** Its name now: written by hand or from the pattern. */
  name: string;
  fault: 'empty' | 'double' | null;
  registration: Registration;
}

/** One camera with its name and place; a name written by hand no longer follows the pattern. */
export function AssignRow({ row, name, fault, registration }: AssignRowProps) {
  const { key, device } = row.found;
  const host = hostOf(device);
  const faultId = `name-fault-${key}`;
  return (
    <tr>
      <td class="pv">
        <Preview device={device} />
      </td>
      <td class="two">
        <DeviceName device={device} />
        <span>{host}</span>
      </td>
      <td>
        <input
          class="g-input"
          aria-label={translate('register.nameOf', { address: host })}
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : faultId}
          maxLength={120}
          value={name}
          onInput={(event) => registration.change(key, { name: event.currentTarget.value })}
        />
        {fault === null ? null : (
          <span class="register-name-fault" id={faultId}>
            {translate(fault === 'empty' ? 'register.nameEmpty' : 'register.nameDouble')}
          </span>
        )}
      </td>
      <td>
        <input
          class="g-input"
          aria-label={translate('register.positionOf', { address: host })}
          placeholder={translate('register.positionExample')}
          maxLength={200}
          value={row.position}
          onInput={(event) => registration.change(key, { position: event.currentTarget.value })}
        />
      </td>
      <td class="wide dim">{streamText(registration.checks, key)}</td>
    </tr>
  );
}

function streamText({ checks }: CheckRun, key: string): string {
  const check = checks.value.get(key);
  const main = check?.state === 'done' ? check.check.main : null;
  return main === null ? '—' : `${codecText(main.codec)} ${sizeText(main.width, main.height)}`;
}
