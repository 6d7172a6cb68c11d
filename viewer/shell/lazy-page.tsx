import { signal } from '@preact/signals';
import { translate } from '../i18n/translate.ts';
import { LoadError } from './blank.tsx';
import type { ComponentType } from 'preact';
import type { JSX } from 'preact';

type Loaded<Props> = { component: ComponentType<Props> } | { error: unknown } | null;

/** A page whose code is fetched when it is first shown. */
export function lazyPage<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props & JSX.IntrinsicAttributes) => JSX.Element {
  const loaded = signal<Loaded<Props>>(null);
  let asked = false;
  const ask = (): void => {
    asked = true;
    loaded.value = null;
    load().then(
      (component) => (loaded.value = { component }),
      (error: unknown) => (loaded.value = { error }),
    );
  };
  return (props) => {
    if (!asked) ask();
    const now = loaded.value;
    if (now === null) return <div aria-busy="true" aria-label={translate('shell.loading')} />;
    if ('error' in now) return <LoadError error={now.error} onRetry={ask} />;
    const Page = now.component;
    return <Page {...props} />;
  };
}
