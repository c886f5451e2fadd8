'use client';
// Owns a set of boxes to tick, as a form control.
import { Checkbox } from '@/components/ui/checkbox';
import type { FieldControl } from '@/components/ui/field';

interface CheckGroupProps<Value extends string> {
  control: FieldControl;
  value: readonly Value[];
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value[]) => void;
  onBlur: () => void;
}

export function CheckGroup<Value extends string>(props: CheckGroupProps<Value>) {
  const { control, value, options, onChange, onBlur } = props;
  const { 'aria-invalid': invalid, 'aria-describedby': describedBy, id } = control;
  return (
    <div id={id} role="group" aria-describedby={describedBy} className="flex flex-wrap gap-x-5 gap-y-2 py-1">
      {options.map((option) => (
        <label key={option.value} className="flex items-center gap-2 text-sm max-sm:min-h-11">
          <Checkbox
            aria-invalid={invalid}
            checked={value.includes(option.value)}
            onBlur={onBlur}
            onChange={(checked) =>
              onChange(
                options
                  .map((other) => other.value)
                  .filter((other) => (other === option.value ? checked : value.includes(other))),
              )
            }
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
