import { ScheduleField } from '../schedule/schedule-field.tsx';
import { translate } from '../i18n/translate.ts';
import { AssignRow } from './assign-row.tsx';
import { BatchSummary } from './batch-summary.tsx';
import { nameFaults } from './name-pattern.ts';
import { PatternField } from './pattern-field.tsx';
import { ProjectChoice, hasTarget } from './project-choice.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Registration } from './registration.ts';

/** Step 4: project and schedule of the batch, a name and place for each camera, and what it comes to. */
export function AssignStep({ registration }: { registration: Registration }) {
  const rows = registration.rows.value;
  const names = registration.names.value;
  const faults = nameFaults(names);
  const chosen = hasTarget(registration.target.value);
  const named = faults.every((fault) => fault === null);
  const note = chosen ? (
    named ? (
      <BatchSummary registration={registration} />
    ) : (
      translate('register.badNames')
    )
  ) : (
    translate('register.needProject')
  );
  return (
    <StepFrame
      title={translate('register.step4')}
      lead={translate('register.assignLead')}
      note={note}
      actions={
        <>
          <button class="g-btn back" onClick={() => registration.go(3)}>
            {translate('register.previous')}
          </button>
          <button
            class="g-btn pri"
            disabled={!chosen || !named || rows.length === 0}
            onClick={() => void registration.register()}
          >
            {translate('register.goLive', { count: rows.length })}
          </button>
        </>
      }
    >
      <div class="g-panel register-target register-gap">
        <ProjectChoice target={registration.target} />
        <PatternField pattern={registration.pattern} example={names[0] ?? ''} />
        <ScheduleField
          id="batch-schedule"
          value={registration.schedule.value}
          onChange={(schedule) => (registration.schedule.value = schedule)}
        />
      </div>
      <div class="g-panel register-table register-assign">
        <table class="g-table">
          <thead>
            <tr>
              <th class="pv">{translate('register.preview')}</th>
              <th>{translate('register.device')}</th>
              <th>{translate('register.name')}</th>
              <th>{translate('register.position')}</th>
              <th class="wide">{translate('register.streams')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <AssignRow
                key={row.found.key}
                row={row}
                name={names[index] ?? ''}
                fault={faults[index] ?? null}
                registration={registration}
              />
            ))}
          </tbody>
        </table>
      </div>
    </StepFrame>
  );
}
