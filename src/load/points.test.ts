import { expect, test } from 'vitest'
import { createPointReader } from './points.ts'
import type { Point } from './points.ts'

const header = 'metric_name,timestamp,metric_value,error_code,expected_response,scenario,status,extra_tags,metadata\n'

function pointsOf(text: string): Point[] {
  const points: Point[] = []
  const reader = createPointReader((point) => points.push(point))
  reader.write(text)
  reader.end()
  return points
}

test('requests, counters and signs of life become points; other metrics are left out', () => {
  const text = [
    'http_req_duration,1795640672490977,4.836116,,true,other,201,op=write&team=blue,',
    'http_req_waiting,1795640672490977,4.7,,true,other,201,op=write,',
    'http_req_duration,1795640672490978,1.5,1503,false,agents,503,,',
    'http_req_duration,1795640672490979,0.000000,1212,false,agents,0,op=receive,',
    'messages_delivered,1795640672491200,17.000000,,,,,"note=a ""b"", c",',
    'dropped_iterations,1795640672491201,2.000000,,,agents,,,',
    'vus,1795640672491202,9.000000,,,,,,',
  ]
  expect(pointsOf(`${header}${text.join('\n')}\n`)).toEqual([
    {
      kind: 'request',
      endedAt: 1795640672490977,
      durationMs: 4.836116,
      write: true,
      succeeded: true,
      answered: true,
      reason: '',
    },
    {
      kind: 'request',
      endedAt: 1795640672490978,
      durationMs: 1.5,
      write: true,
      succeeded: false,
      answered: true,
      reason: 'HTTP 503',
    },
    {
      kind: 'request',
      endedAt: 1795640672490979,
      durationMs: 0,
      write: false,
      succeeded: false,
      answered: false,
      reason: 'k6 error 1212',
    },
    { kind: 'delivered', at: 1795640672491200, count: 17 },
    { kind: 'dropped', at: 1795640672491201, count: 2 },
    { kind: 'alive', at: 1795640672491202 },
  ])
})

test('columns are found by the names in the header, in any order', () => {
  const text = 'status,metric_value,extra_tags,timestamp,metric_name\n200,2.5,op=write,1000,http_req_duration\n'
  expect(pointsOf(text)).toEqual([
    { kind: 'request', endedAt: 1000, durationMs: 2.5, write: true, succeeded: true, answered: true, reason: '' },
  ])
})

test.each([
  ['no time', 'http_req_duration,,1,,,,200,,\n', /line 2: timestamp is "", wanted a number/],
  ['a time in words', 'http_req_duration,yesterday,1,,,,200,,\n', /timestamp is "yesterday"/],
  ['a negative duration', 'http_req_duration,1,-4,,,,200,,\n', /metric_value is "-4"/],
  ['an infinite value', 'messages_delivered,1,Infinity,,,,,,\n', /metric_value is "Infinity"/],
])('a point with %s is refused', (_name, line, message) => {
  expect(() => pointsOf(header + line)).toThrowError(message)
})

test('a header without the columns that carry a point is refused', () => {
  expect(() => pointsOf('metric,timestamp,metric_value\n')).toThrowError(/no column metric_name in the header/)
})
