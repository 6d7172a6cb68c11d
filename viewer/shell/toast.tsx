import { signal } from '@preact/signals';

const toast = signal<string | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something for six seconds at the foot of the page. */
export function say(words: string): void {
  clearTimeout(timer);
  toast.value = words;
  timer = setTimeout(() => {
    toast.value = null;
  }, 6000);
}

/** Where toasts appear; once in the page. */
export function Toast() {
  return (
    <div class="shell-toast" role="status">
      {toast.value === null ? null : <span class="g-toast">{toast.value}</span>}
    </div>
  );
}
