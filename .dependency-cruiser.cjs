/**
 * The rules of ARCHITECTURE.md, enforced. `test/fixtures/layers` breaks each of them on purpose:
 * `scripts/check.ts` demands that all of them are found there and none in `src`.
 */
const features =
  'migration|protocol|store|gateway|conformance|load|gates|coordination|github|deploy|report|environment|config'

module.exports = {
  forbidden: [
    {
      name: 'core-is-pure',
      comment: 'core imports nothing but node:crypto. Pass what it needs as a parameter.',
      severity: 'error',
      from: { path: '(^|/)src/core/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['(^|/)src/core/', '^crypto$', '^node:crypto$'] },
    },
    {
      name: 'evidence-is-vocabulary',
      comment: 'evidence holds schemas and types alone: it may import core and zod.',
      severity: 'error',
      from: { path: '(^|/)src/evidence/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['(^|/)src/(core|evidence)/', 'node_modules/zod/'] },
    },
    {
      name: 'features-do-not-meet',
      comment: 'A feature never calls another: app wires them. Types may be shared.',
      severity: 'error',
      from: {
        path: `(^|/)src/(${features})/`,
        pathNot: ['\\.(test|fixture)\\.ts$', '(^|/)src/(gateway|conformance)/'],
      },
      to: {
        path: `(^|/)src/(${features})/`,
        pathNot: '(^|/)src/$2/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'messages-stack-by-the-front-door',
      comment: 'gateway and conformance stand on protocol and store, by their index.ts alone, and on no other feature.',
      severity: 'error',
      from: { path: '(^|/)src/(gateway|conformance)/', pathNot: '\\.(test|fixture)\\.ts$' },
      to: {
        path: `(^|/)src/(${features})/`,
        pathNot: ['(^|/)src/$2/', '(^|/)src/(protocol|store)/index\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'features-know-no-shell',
      comment: 'Features and adapters never import app, cli or action. Declare a port instead.',
      severity: 'error',
      from: { path: `(^|/)src/(${features}|core|evidence)/`, pathNot: '\\.test\\.ts$' },
      to: { path: '(^|/)src/(app|cli|action)/' },
    },
    {
      name: 'shells-to-app-only',
      comment: 'cli and action start things: what they need of a feature comes through app.',
      severity: 'error',
      from: { path: '(^|/)src/(cli|action)/', pathNot: '\\.test\\.ts$' },
      to: { path: `(^|/)src/(${features})/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shells-do-not-meet',
      comment: 'The command and the Action share app, not each other.',
      severity: 'error',
      from: { path: '(^|/)src/(cli|action)/' },
      to: { path: '(^|/)src/(cli|action)/', pathNot: '(^|/)src/$2/' },
    },
    {
      name: 'app-knows-no-shell',
      comment: 'Use cases take what they need as parameters; they know neither the command line nor the runner.',
      severity: 'error',
      from: { path: '(^|/)src/app/', pathNot: '\\.test\\.ts$' },
      to: { path: '(^|/)src/(cli|action)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'proof-reads-by-sqlite',
      comment: 'The proof compares with what SQLite itself says: a mistake of the page reader must not prove itself.',
      severity: 'error',
      from: {
        path: '(^|/)src/migration/(proof/|postgres/(verify|prove-|target-rows|copy-decoder)|sqlite/(rows|table-reader))',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: '(^|/)src/migration/pages/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'postgres-driver-in-adapters',
      comment: 'pg belongs to migration/postgres, store and environment.',
      severity: 'error',
      from: { path: '(^|/)src/', pathNot: ['(^|/)src/(migration/postgres|store|environment)/', '\\.test\\.ts$'] },
      to: { path: '(^|/)node_modules/(pg|pg-copy-streams)/' },
    },
    {
      name: 'redis-driver-in-adapters',
      comment: 'ioredis belongs to protocol/redis and environment.',
      severity: 'error',
      from: { path: '(^|/)src/', pathNot: ['(^|/)src/(protocol/redis|environment)/', '\\.test\\.ts$'] },
      to: { path: '(^|/)node_modules/ioredis/' },
    },
    {
      name: 'sqlite-driver-in-adapters',
      comment: 'node:sqlite belongs to migration/sqlite.',
      severity: 'error',
      from: { path: '(^|/)src/', pathNot: ['(^|/)src/migration/sqlite/', '\\.test\\.ts$'] },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'octokit-in-adapters',
      comment: 'Octokit belongs to github.',
      severity: 'error',
      from: { path: '(^|/)src/', pathNot: ['(^|/)src/github/', '\\.test\\.ts$'] },
      to: { path: '(^|/)node_modules/@octokit/' },
    },
    {
      name: 'src-not-to-test',
      comment: 'Production code never imports tests, fixtures or scripts.',
      severity: 'error',
      from: { path: '(^|/)src/', pathNot: '\\.(test|fixture)\\.ts$' },
      to: { path: ['(^|/)(test|scripts|bench)/(?!fixtures/layers)', '\\.(test|fixture)\\.ts$'] },
    },
    {
      name: 'no-circular',
      comment: 'Two files that import each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
