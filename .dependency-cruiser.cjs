// The folders of gateway/, in the way of a picture. A folder imports only from folders listed above it.
const stages = [
  'base',
  'contract',
  'discovery',
  'ffmpeg',
  'fleet',
  'ingest',
  'packaging',
  'snapshots',
  'status',
  'summaries',
  'telemetry',
  'warnings',
  'web',
];

const folderOrder = stages.slice(0, -1).map((stage, index) => ({
  name: `folder-order-${stage}`,
  comment: `gateway/${stage} may import only from gateway folders that come before it in the pipeline`,
  severity: 'error',
  from: { path: `^gateway/${stage}/` },
  to: { path: `^gateway/(${stages.slice(index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...folderOrder,
    {
      name: 'main-is-known-by-the-command-line-alone',
      severity: 'error',
      from: { path: '^gateway/', pathNot: '^gateway/cli(/|\\.ts$)' },
      to: { path: '^gateway/(main|cli)(/|\\.ts$)' },
    },
    {
      name: 'gateway-knows-no-viewer-script-or-test',
      comment: 'The demo site is started as a program, never imported.',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^(viewer|scripts|test)/' },
    },
    {
      name: 'viewer-knows-only-the-contract',
      severity: 'error',
      from: { path: '^viewer/' },
      to: { path: '^(gateway/(?!contract/)|scripts|test|config)' },
    },
    {
      name: 'contract-stands-alone',
      severity: 'error',
      from: { path: '^gateway/contract/' },
      to: { path: '^gateway/(?!contract/)' },
    },
    {
      name: 'one-module-for-each-replaceable-package',
      comment: 'fluent-ffmpeg, mqtt, aedes, express and ws stand behind their stage.',
      severity: 'error',
      from: { path: '^gateway/', pathNot: '^gateway/ffmpeg/' },
      to: { path: 'node_modules/fluent-ffmpeg' },
    },
    {
      name: 'mqtt-packages-behind-telemetry',
      severity: 'error',
      from: { path: '^gateway/', pathNot: '^gateway/telemetry/' },
      to: { path: 'node_modules/(mqtt|aedes)/' },
    },
    {
      name: 'web-packages-behind-web',
      severity: 'error',
      from: { path: '^gateway/', pathNot: '^gateway/web/' },
      to: { path: 'node_modules/(express|ws|helmet)/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^viewer/dist/|\\.css$)' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
