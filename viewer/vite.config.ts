import { join } from 'node:path';
import { defineConfig } from 'vite';

const gateway = 'http://127.0.0.1:8080';

/** Builds the viewer to viewer/dist with hashed names; `vite viewer` serves it against a gateway on port 8080. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy forbids inline scripts and data: fonts; small files stay files.
    assetsInlineLimit: 0,
    // The page behind share links loads without the app.
    rolldownOptions: {
      input: {
        main: join(import.meta.dirname, 'index.html'),
        share: join(import.meta.dirname, 'share/index.html'),
      },
    },
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': { target: gateway, ws: true },
      '^/s/[^/]+/(info|picture|live)': { target: gateway, ws: true },
      '/live': { target: gateway, ws: true },
      '/healthz': gateway,
    },
  },
});
