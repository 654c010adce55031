import type { Evidence, Finding, Measure } from '../evidence/index.ts'
import { describeLocation } from './location.ts'
import { describeMeasure, standingOf } from './measures.ts'
import { standingOfResult } from './model.ts'
import { escapeXml } from './neutralise.ts'

type Outcome = 'pass' | 'failure' | 'error' | 'skipped'

interface TestCase {
  readonly name: string
  readonly outcome: Outcome
  readonly message: string
  readonly seconds: number
}

/**
 * Verdicts as JUnit XML, for tools that show test reports: a suite a gate, a case for its verdict and one for every
 * measure that has a target. Undecided is a failure here: the format knows nothing between.
 */
export function renderJunit(results: readonly Evidence[]): string {
  const suites = results.map((result) => ({ result, cases: casesOf(result) }))
  const all = suites.flatMap((suite) => suite.cases)
  const seconds = results.reduce((sum, result) => sum + result.durationMs, 0) / 1_000
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="hive gate"${counts(all)} time="${seconds.toFixed(3)}">`,
    ...suites.map(({ result, cases }) => writeSuite(result, cases)),
    '</testsuites>',
    '',
  ].join('\n')
}

function writeSuite(result: Evidence, cases: readonly TestCase[]): string {
  const name = `name="${escapeXml(result.gate)}"${counts(cases)} time="${(result.durationMs / 1_000).toFixed(3)}"`
  const body = cases.map((testCase) => writeCase(testCase, result.gate))
  return [`  <testsuite ${name} timestamp="${escapeXml(result.startedAt)}">`, ...body, '  </testsuite>'].join('\n')
}

function casesOf(result: Evidence): TestCase[] {
  return [
    {
      name: 'verdict',
      outcome: outcomeOf(result),
      message: [result.summary, ...result.findings.map(describeFinding)].join('\n'),
      seconds: result.durationMs / 1_000,
    },
    ...result.measures.filter((measure) => measure.target !== undefined).map(measureCase),
  ]
}

function outcomeOf(result: Evidence): Outcome {
  switch (standingOfResult(result)) {
    case 'pass':
      return 'pass'
    case 'fail':
    case 'undecided':
      return 'failure'
    case 'error':
      return 'error'
    case 'skipped':
    case 'waits':
      return 'skipped'
  }
}

function measureCase(measure: Measure): TestCase {
  return {
    name: measure.name,
    outcome: standingOf(measure) === 'met' ? 'pass' : 'failure',
    message: describeMeasure(measure),
    seconds: 0,
  }
}

function describeFinding(finding: Finding): string {
  const place = describeLocation(finding)
  return `${finding.severity} ${finding.code}${place === undefined ? '' : ` ${place}`}: ${finding.message}`
}

function counts(cases: readonly TestCase[]): string {
  const count = (outcome: Outcome): number => cases.filter((testCase) => testCase.outcome === outcome).length
  return ` tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
}

function writeCase(testCase: TestCase, gate: string): string {
  const head = `    <testcase classname="${escapeXml(gate)}" name="${escapeXml(testCase.name)}" time="${testCase.seconds.toFixed(3)}"`
  if (testCase.outcome === 'pass') return `${head}/>`
  const [first = '', ...more] = testCase.message.split('\n')
  return `${head}><${testCase.outcome} message="${escapeXml(first)}">${escapeXml(more.join('\n'))}</${testCase.outcome}></testcase>`
}
