import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { translate } from '../i18n/translate.ts';
import { LampWord } from '../icons/lamp.tsx';

const ASK_MS = 15_000;

/** Whether the gateway answers, asked every 15 s before anyone is signed in. */
export function GatewayLamp() {
  const fine = useSignal<boolean | null>(null);
  useEffect(() => {
    const ask = (): void => {
      fetch('/healthz', { signal: AbortSignal.timeout(5000) }).then(
        (response) => (fine.value = response.ok),
        () => (fine.value = false),
      );
    };
    ask();
    const timer = setInterval(ask, ASK_MS);
    return () => clearInterval(timer);
  }, [fine]);
  if (fine.value === null) return <LampWord shape="off">{translate('shell.gatewayConnecting')}</LampWord>;
  return fine.value ? (
    <LampWord shape="ok">{translate('shell.gatewayOk')}</LampWord>
  ) : (
    <LampWord shape="bad">{translate('shell.gatewayLost')}</LampWord>
  );
}
