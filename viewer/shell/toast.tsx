import { signal } from '@preact/signals';

/** What can be done about what was said, for as long as it is shown. */
export interface ToastAction {
  label: string;
  run: () => void;
}

const toast = signal<{ words: string; action: ToastAction | null } | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something for six seconds at the foot of the page. */
export function say(words: string, action: ToastAction | null = null): void {
  clearTimeout(timer);
  toast.value = { words, action };
  timer = setTimeout(() => {
    toast.value = null;
  }, 6000);
}

/** Where toasts appear; once in the page. */
export function Toast() {
  const now = toast.value;
  const act = (action: ToastAction): void => {
    toast.value = null;
    action.run();
  };
  return (
    <div class="shell-toast" role="status">
      {now === null ? null : (
        <span class="g-toast">
          {now.words}
          {now.action === null ? null : (
            <button onClick={() => now.action && act(now.action)}>{now.action.label}</button>
          )}
        </span>
      )}
    </div>
  );
}
