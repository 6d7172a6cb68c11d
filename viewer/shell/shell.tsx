import './shell.css';
import { useLocation } from 'wouter-preact';
import { isPhone } from './is-phone.ts';
import { OfflineBar } from './offline-bar.tsx';
import { TabBar } from './tab-bar.tsx';
import { Toast } from './toast.tsx';
import { TopBar } from './top-bar.tsx';
import type { ComponentChildren } from 'preact';

/** The frame of a signed-in page: strip and page on a desktop, page and tabs on a phone. */
export function Shell({ children }: { children: ComponentChildren }) {
  const [at] = useLocation();
  const phone = isPhone.value;
  return (
    <div class="shell">
      {phone ? null : <TopBar />}
      <OfflineBar />
      <div class="shell-page">{children}</div>
      {phone && !/^\/(cameras|register)\b/.test(at) ? <TabBar /> : null}
      <Toast />
    </div>
  );
}
