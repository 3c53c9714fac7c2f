/** One of a few, all in sight. */
import { useId } from "preact/hooks";

interface SwitchProps<T extends string> {
  readonly legend: string;
  readonly options: Readonly<Record<T, string>>;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

export function Switch<T extends string>(props: SwitchProps<T>) {
  const group = useId();
  const options = Object.entries(props.options) as [T, string][];
  return (
    <fieldset class="flex text-sm">
      <legend class="sr-only">{props.legend}</legend>
      {options.map(([value, name]) => (
        <label key={value} class="switch">
          <input
            type="radio"
            name={group}
            class="sr-only"
            checked={props.value === value}
            onChange={() => props.onChange(value)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
