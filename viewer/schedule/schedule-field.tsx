import { translate } from '../i18n/translate.ts';
import { INTERVALS_MIN, choiceOf, picturesADay, scheduleOf } from './schedule-choice.ts';
import type { SnapshotSchedule, WindowSchedule } from '../../gateway/contract/schedule.ts';
import type { ScheduleChoice } from './schedule-choice.ts';

interface ScheduleFieldProps {
  /** Unique in the page. */
  id: string;
  value: SnapshotSchedule | null;
  onChange: (schedule: SnapshotSchedule | null) => void;
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** Chooses when pictures are taken: as the gateway, one of a list, or own hours and days. */
export function ScheduleField({ id, value, onChange }: ScheduleFieldProps) {
  const choice = choiceOf(value);
  const count = picturesADay(value);
  return (
    <div class="g-field">
      <label for={id}>{translate('schedule.label')}</label>
      <select
        id={id}
        class="g-input"
        value={choice}
        onChange={(event) => onChange(scheduleOf(event.currentTarget.value as ScheduleChoice, value))}
      >
        <option value="site">{translate('schedule.site')}</option>
        {INTERVALS_MIN.map((minutes) => (
          <option key={minutes} value={minutes}>
            {translate('schedule.every', { minutes })}
          </option>
        ))}
        <option value="own">{translate('schedule.own')}</option>
      </select>
      {choice === 'own' && value !== null && typeof value !== 'string' && !('windows' in value) ? (
        <OwnFields id={id} value={value} onChange={onChange} />
      ) : null}
      {typeof value === 'string' ? (
        <span class="help">{translate('schedule.cron', { cron: value })}</span>
      ) : null}
      {value !== null && typeof value === 'object' && 'windows' in value ? (
        <span class="help">{translate('schedule.plan')}</span>
      ) : null}
      {count === null ? null : <span class="help">{translate('schedule.aDay', { count })}</span>}
    </div>
  );
}

interface OwnFieldsProps {
  id: string;
  value: WindowSchedule;
  onChange: (schedule: WindowSchedule) => void;
}

function OwnFields({ id, value, onChange }: OwnFieldsProps) {
  const toggle = (day: number): void => {
    const weekdays = value.weekdays.includes(day)
      ? value.weekdays.filter((known) => known !== day)
      : [...value.weekdays, day].sort();
    if (weekdays.length > 0) onChange({ ...value, weekdays });
  };
  return (
    <div class="schedule-own">
      <label for={`${id}-every`}>{translate('schedule.everyMin')}</label>
      <input
        id={`${id}-every`}
        class="g-input"
        type="number"
        min={1}
        max={1440}
        value={value.everyMin}
        onChange={(event) => {
          const everyMin = Math.round(event.currentTarget.valueAsNumber);
          if (everyMin >= 1 && everyMin <= 1440) onChange({ ...value, everyMin });
        }}
      />
      {(['from', 'to'] as const).map((end) => (
        <label key={end} class="schedule-time">
          {end === 'from' ? translate('schedule.from') : translate('schedule.to')}
          <input
            class="g-input"
            type="time"
            value={value[end]}
            onChange={(event) =>
              event.currentTarget.value === ''
                ? null
                : onChange({ ...value, [end]: event.currentTarget.value })
            }
          />
        </label>
      ))}
      <div class="schedule-days" role="group" aria-label={translate('schedule.weekdays')}>
        {WEEKDAYS.map((day) => (
          <button
            key={day}
            type="button"
            class="g-btn s"
            aria-pressed={value.weekdays.includes(day)}
            onClick={() => toggle(day)}
          >
            {translate(`time.weekday${day}`)}
          </button>
        ))}
      </div>
    </div>
  );
}
