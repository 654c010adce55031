import { expect, test } from 'vitest'
import { markdownText, mermaidLabel } from '../report/neutralise.ts'
import { fold, type ProjectFacts, type ProjectPlan, type ProjectTask } from './fold.ts'
import { renderIssue } from './render-issue.ts'
import { statusSchema } from './status-json.ts'

const hourMs = 3_600_000
const task = (id: string, part: Partial<ProjectTask> = {}): ProjectTask => ({
  id,
  name: `Task ${id}`,
  phase: 'build',
  agent: 'builder',
  needs: [],
  estimateMs: 8 * hourMs,
  gates: [],
  ...part,
})

const plan = (tasks: readonly ProjectTask[], part: Partial<ProjectPlan> = {}): ProjectPlan => ({
  project: 'shop',
  start: '2026-11-23',
  hoursPerDay: 8,
  phases: [{ id: 'build', name: 'Build', tasks }],
  agents: [{ id: 'builder', role: 'Builder' }],
  risks: [],
  success: [],
  ...part,
})

const gate = (standing: ProjectFacts['gates'][number]['standing'], id = 'migration') => ({
  gate: id,
  required: true,
  standing,
  summary: 'measured',
  at: '2026-11-23T09:00:00Z',
})

const surface = { text: markdownText, label: mermaidLabel }
const options = { surface, marker: '<!-- m -->', today: new Date('2026-11-25T12:00:00Z') }

test('fold() takes a task as done when its needs are and its gates passed', () => {
  const tasks = [task('a', { gates: ['migration'] }), task('b', { needs: ['a'] })]
  const before = fold(plan(tasks), { gates: [gate('fail')], pulls: [] })
  expect(before.json).toMatchObject({
    phase: 'build',
    ready: ['a'],
    agents: { builder: { status: 'ready', current_task: 'a', completion: 0, blockers: ['gate migration'] } },
    quality_gates: { migration: { status: 'failed' } },
    critical_issues: [{ id: 'gate-migration', severity: 'critical', assignee: 'builder', resolved: false }],
  })
  const after = fold(plan(tasks), { gates: [gate('pass')], pulls: [] })
  expect(after.json).toMatchObject({
    ready: ['b'],
    agents: { builder: { current_task: 'b', completion: 50 } },
    critical_issues: [],
  })
  for (const { json } of [before, after]) expect(statusSchema.parse(JSON.parse(JSON.stringify(json)))).toEqual(json)
})

test('fold() is total: no plan, a circular plan, ids that are names of objects', () => {
  expect(fold(plan([], { phases: [], agents: [] }), { gates: [], pulls: [] }).json).toMatchObject({
    phase: 'unplanned',
  })
  const circular = fold(plan([task('a', { needs: ['b'] }), task('b', { needs: ['a'] })]), { gates: [], pulls: [] })
  expect(circular.json).toMatchObject({ ready: [], critical_path: [], agents: { builder: { status: 'blocked' } } })
  expect(renderIssue(circular, options)).toContain('The plan is circular: `a` needs `b` needs `a`.')
  const odd = fold(plan([task('constructor')]), { gates: [gate('pass', 'constructor')], pulls: [] })
  expect(Object.keys(odd.json.tasks)).toEqual(['constructor'])
})

test('renderIssue() says in its first lines where the project stands', () => {
  const status = fold(plan([task('a', { gates: ['migration'] })]), {
    gates: [gate('fail')],
    defaultHead: 'a'.repeat(40),
    pulls: [],
  })
  const body = renderIssue(status, options)
  expect(body.split('\n').slice(0, 4).join('\n')).toBe(
    '<!-- m -->\n\n### shop: phase Build, day 3 (1 day of work planned)\n',
  )
  expect(body).toContain('Blocks most: `gate-migration`, owner `builder`.')
  expect(body).toContain('Task a :crit, active, 2026-11-23 00:00, 24h')
})

test('renderIssue() stays within 60,000 characters with 500 tasks, and its JSON is whole', () => {
  const tasks = Array.from({ length: 500 }, (_, n) =>
    task(`task-${n}`, { name: 'x'.repeat(200), ...(n === 0 ? {} : { needs: [`task-${n - 1}`] }) }),
  )
  const status = fold(plan(tasks), { gates: [gate('pass')], pulls: [] })
  const body = renderIssue(status, options)
  expect(body.length).toBeLessThanOrEqual(60_000)
  expect(JSON.parse(/```json\n(.*)\n```/.exec(body)?.[1] ?? '')).toEqual(status.json)
})

test('renderIssue() makes outside text inert', () => {
  const hostile = '@everyone <script> `x` | ```\n/approve ]] :crit, end'
  const status = fold(
    plan([task('a', { name: hostile, agent: 'builder' })], { risks: [{ id: 'r', title: hostile, severity: 'high' }] }),
    {
      gates: [{ ...gate('fail'), summary: hostile }],
      pulls: [
        {
          number: 1,
          title: hostile,
          url: 'https://github.com/a/b/pull/1',
          headSha: 'a'.repeat(40),
          readiness: hostile,
        },
      ],
    },
  )
  const body = renderIssue(status, options)
  expect(body).not.toMatch(/@everyone|<script|^\/approve/m)
  // Two fences of ours, each opened and closed.
  expect(body.match(/^```/gm)).toHaveLength(4)
})
