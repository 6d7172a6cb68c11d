import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';

/** One thing at a time that a tool has the gateway do, and how the last one failed. */
export interface Task {
  busy: Signal<boolean>;
  fault: Signal<unknown>;
  run(work: () => Promise<void>): Promise<void>;
}

/** Keeps whether a tool is at work and what went wrong; lives as long as the component. */
export function useTask(): Task {
  const busy = useSignal(false);
  const fault = useSignal<unknown>(null);
  return {
    busy,
    fault,
    async run(work) {
      if (busy.peek()) return;
      busy.value = true;
      fault.value = null;
      await work().catch((error: unknown) => {
        fault.value = error;
      });
      busy.value = false;
    },
  };
}
