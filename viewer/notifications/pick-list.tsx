import { translate } from '../i18n/translate.ts';

/** One thing that may be chosen. */
export interface Pick {
  value: string;
  label: string;
}

interface PickListProps {
  label: string;
  picks: readonly Pick[];
  chosen: readonly string[];
  /** What none chosen means; null: it must not be. */
  none: string | null;
  onChange: (chosen: string[]) => void;
}

/** Several of many, folded away while it is not looked at. */
export function PickList({ label, picks, chosen, none, onChange }: PickListProps) {
  const known = chosen.filter((value) => picks.some((pick) => pick.value === value));
  const sum = known.length === 0 ? none : translate('notify.chosen', { count: known.length });
  return (
    <details class="notify-picks">
      <summary>
        <span>{label}</span>
        <b>{sum ?? translate('notify.chosen', { count: 0 })}</b>
      </summary>
      <div class="notify-pick-list" role="group" aria-label={label}>
        {picks.map((pick) => (
          <PickRow key={pick.value} pick={pick} chosen={known} onChange={onChange} />
        ))}
      </div>
    </details>
  );
}

/** Several of a few, all in sight. */
export function PickRowOf({ label, picks, chosen, onChange }: Omit<PickListProps, 'none'>) {
  return (
    <div class="g-field">
      <span class="label">{label}</span>
      <div class="notify-row" role="group" aria-label={label}>
        {picks.map((pick) => (
          <PickRow key={pick.value} pick={pick} chosen={chosen} onChange={onChange} />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  pick: Pick;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

function PickRow({ pick, chosen, onChange }: RowProps) {
  const on = chosen.includes(pick.value);
  return (
    <label class="notify-check">
      <input
        type="checkbox"
        class="g-cb"
        checked={on}
        onChange={() =>
          onChange(on ? chosen.filter((value) => value !== pick.value) : [...chosen, pick.value])
        }
      />
      {pick.label}
    </label>
  );
}
