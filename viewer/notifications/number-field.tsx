interface NumberFieldProps {
  id: string;
  label: string;
  min: number;
  max: number;
  value: number;
  onChange: (value: number) => void;
}

/** A whole number within bounds; anything else is not taken. */
export function NumberField({ id, label, min, max, value, onChange }: NumberFieldProps) {
  return (
    <div class="g-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="g-input"
        type="number"
        min={min}
        max={max}
        value={value}
        onChange={(event) => {
          const wanted = Math.round(event.currentTarget.valueAsNumber);
          if (wanted >= min && wanted <= max) onChange(wanted);
          else event.currentTarget.value = String(value);
        }}
      />
    </div>
  );
}
