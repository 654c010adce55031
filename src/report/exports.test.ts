import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import type { Evidence } from '../evidence/index.ts'
import { renderJunit } from './junit.ts'
import { sampleReport, sampleResults } from './sample.fixture.ts'
import { renderSarif } from './sarif.ts'

const evil: Evidence = {
  ...sampleResults.performance,
  summary: ']]>\u0000<&"\u202e\ud800',
  findings: [
    { code: 'HIVE_X', severity: 'note', message: ']]>\u0000<a>', location: { path: '/etc/passwd' } },
    { code: 'HIVE_Y', severity: 'error', message: 'm', location: { path: 'a b/ü.ts', startLine: 9, endLine: 4 } },
  ],
}

test('renderSarif() has the essential shape of SARIF 2.1.0', () => {
  const log: unknown = JSON.parse(renderSarif(sampleReport.results, '0.1.0'))
  expect(log).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Agent Hive',
            semanticVersion: '0.1.0',
            rules: expect.arrayContaining([
              { id: 'HIVE_PERFORMANCE_P95', helpUri: expect.stringMatching(/#hive_performance_p95$/) },
            ]),
          },
        },
        results: expect.arrayContaining([
          expect.objectContaining({
            ruleId: 'HIVE_PERFORMANCE_P95',
            level: 'error',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'src/store.ts', uriBaseId: '%SRCROOT%' },
                  region: { startLine: 88, endLine: 94 },
                },
                message: { text: 'src/store.ts:88–94' },
              },
            ],
          }),
        ]),
      },
    ],
  })
})

test('renderSarif() encodes places, keeps outside paths out and counts what it leaves out', () => {
  const text = renderSarif([evil], '0.1.0')
  expect(text).toContain('"uri": "a%20b/%C3%BC.ts"')
  expect(text).toContain('"endLine": 9')
  expect(text).not.toContain('/etc/passwd')
  const many = renderSarif(
    Array.from({ length: 4 }, () => ({
      ...evil,
      findings: Array.from(
        { length: 2_000 },
        () => evil.findings[1] ?? { code: 'HIVE_Z', severity: 'note' as const, message: '' },
      ),
    })),
    '0.1.0',
  )
  expect(JSON.parse(many)).toMatchObject({ runs: [{ properties: { findings: 8_000, leftOut: 3_000 } }] })
})

test('renderJunit() is XML that parses, with a suite a gate and a case for its verdict and every target', () => {
  const xml = renderJunit(sampleReport.results)
  expect(XMLValidator.validate(xml)).toBe(true)
  const parsed: unknown = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'testcase' }).parse(xml)
  expect(parsed).toMatchObject({
    testsuites: {
      '@_tests': '14',
      '@_failures': '4',
      '@_errors': '1',
      '@_skipped': '1',
      testsuite: expect.arrayContaining([
        expect.objectContaining({
          '@_name': 'performance',
          '@_time': '48.300',
          testcase: expect.arrayContaining([
            expect.objectContaining({
              '@_name': 'p95 write',
              failure: { '@_message': 'p95 write 61.4 ms [58.9, 64.0], target < 50 ms' },
            }),
          ]),
        }),
      ]),
    },
  })
})

test('renderJunit() escapes what XML cannot hold', () => {
  const xml = renderJunit([evil])
  expect(XMLValidator.validate(xml)).toBe(true)
  expect(xml).toContain(']]&gt;[U+0000]&lt;&amp;&quot;[U+202E]\ufffd')
})
