interface CheckFieldProps {
  label: string;
  value: boolean;
  onChange: (value: boolean) => void;
}

/** One thing on or off. */
export function CheckField({ label, value, onChange }: CheckFieldProps) {
  return (
    <label class="notify-check">
      <input
        type="checkbox"
        class="g-cb"
        checked={value}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}
