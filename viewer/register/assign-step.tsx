import { useSignal } from '@preact/signals';
import { codecText, sizeText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { ProjectChoice, hasTarget } from './project-choice.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Registration, Row } from './registration.ts';

/** Step 3: the project of the batch, and a name and place for each camera. */
export function AssignStep({ registration }: { registration: Registration }) {
  const pattern = useSignal(translate('register.patternDefault'));
  const rows = registration.rows.value;
  const chosen = hasTarget(registration.target.value);
  const complete = chosen && rows.every(({ name }) => name.trim() !== '');
  return (
    <StepFrame
      title={translate('register.step3')}
      lead={translate('register.assignLead')}
      note={chosen ? null : translate('register.needProject')}
      actions={
        <>
          <button class="g-btn" onClick={() => (registration.step.value = 2)}>
            {translate('register.previous')}
          </button>
          <button class="g-btn pri" disabled={!complete} onClick={() => void registration.register()}>
            {translate('register.goLive', { count: rows.length })}
          </button>
        </>
      }
    >
      <div class="g-panel register-target register-gap">
        <ProjectChoice target={registration.target} />
        <div class="g-field">
          <label for="pattern">{translate('register.pattern')}</label>
          <input
            id="pattern"
            class="g-input"
            aria-describedby="pattern-help"
            value={pattern.value}
            onInput={(event) => {
              pattern.value = event.currentTarget.value;
              registration.rename(pattern.value);
            }}
          />
          <span class="help" id="pattern-help">
            {translate('register.patternHelp')}
          </span>
        </div>
      </div>
      <div class="g-panel register-table register-assign">
        <table class="g-table">
          <thead>
            <tr>
              <th>{translate('register.device')}</th>
              <th class="wide">{translate('register.streams')}</th>
              <th>{translate('register.name')}</th>
              <th>{translate('register.position')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <AssignRow key={row.found.key} row={row} registration={registration} />
            ))}
          </tbody>
        </table>
      </div>
    </StepFrame>
  );
}

function AssignRow({ row, registration }: { row: Row; registration: Registration }) {
  const { device } = row.found;
  const change = (fields: Partial<Row>) => registration.change(row.found.key, fields);
  return (
    <tr>
      <td class="two">
        <b>{device.vendor ?? translate('register.unknownVendor')}</b>
        <span>{new URL(device.xaddr).host}</span>
      </td>
      <td class="wide dim">
        {device.profiles
          .slice(0, 2)
          .map((profile) => `${codecText(profile.codec)} ${sizeText(profile.width, profile.height)}`)
          .join(', ') || '—'}
      </td>
      <td>
        <input
          class="g-input"
          aria-label={translate('register.name')}
          value={row.name}
          onInput={(event) => change({ name: event.currentTarget.value })}
        />
      </td>
      <td>
        <input
          class="g-input"
          aria-label={translate('register.position')}
          value={row.position}
          onInput={(event) => change({ position: event.currentTarget.value })}
        />
      </td>
    </tr>
  );
}
