import { Icon } from '../icons/icon.tsx';
import type { IconName } from '../icons/icon-names.ts';

interface Choice<Value> {
  value: Value;
  label: string;
  icon?: IconName;
}

interface SegmentsProps<Value> {
  label: string;
  value: Value;
  choices: readonly Choice<Value>[];
  onPick: (value: Value) => void;
}

/** A segmented control: one of a few; with `icon` the label is for screen readers. */
export function Segments<Value extends string | number>(props: SegmentsProps<Value>) {
  return (
    <div class="g-seg" role="group" aria-label={props.label}>
      {props.choices.map(({ value, label, icon }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === props.value}
          aria-label={icon ? label : undefined}
          title={icon ? label : undefined}
          onClick={() => props.onPick(value)}
        >
          {icon ? <Icon name={icon} /> : label}
        </button>
      ))}
    </div>
  );
}
