import type { CataloguePart } from './entry.ts'

/** What was asked of GitHub: "PATCH /repos/o/r/check-runs/7". */
export interface Asked {
  readonly request: string
}

export const githubErrors = {
  HIVE_GITHUB_UNAUTHORIZED: {
    exitCode: 2,
    message: (data: Asked) => `could not ${data.request}: GitHub does not know the token (401)`,
    hint: 'give the job a valid token: with: { token: "${{ github.token }}" } is the default; an App token lives one hour',
    explanation:
      'GitHub answered 401: the token is missing, expired, revoked or of another server. Nothing was written with it. The token of a workflow ends with its job.',
  },
  HIVE_GITHUB_FORBIDDEN: {
    exitCode: 2,
    message: (data: Asked & { permission: string }) =>
      `could not ${data.request}: the token lacks the permission "${data.permission}" (403)`,
    hint: (data: { permission: string }) =>
      `add "${data.permission}" to the permissions of the coordination job and of the workflow that calls it`,
    explanation:
      'GitHub answered 403, or 404 to a write, which is how it hides what a token may not see. A called workflow can only narrow what its caller grants, and an organisation can make the default token read-only; so both files must name the permission.',
  },
  HIVE_GITHUB_NOT_FOUND: {
    exitCode: 2,
    message: (data: Asked) => `could not ${data.request}: GitHub knows nothing of that name (404)`,
    hint: 'look whether it was deleted or renamed, and whether the token may read this repository',
    explanation:
      'GitHub answered 404: the repository, pull request, run or file does not exist, or the token may not see it; GitHub does not tell the two apart.',
  },
  HIVE_GITHUB_REFUSED: {
    exitCode: 2,
    message: (data: Asked & { status: number; problem: string }) =>
      `could not ${data.request}: GitHub refused the request (${data.status}: ${data.problem})`,
    hint: 'run the job again; where it is refused again, please report it with the text of this error',
    explanation:
      'GitHub understood who asks but refused what was asked (409, 410, 422 and the like): the object changed in between, is locked, or the request broke one of its limits.',
  },
  HIVE_GITHUB_RATE_LIMITED: {
    exitCode: 2,
    message: (data: Asked & { waitS: number }) =>
      `could not ${data.request}: the rate limit is used up for another ${data.waitS} s`,
    hint: 'nothing is lost: the next event or the next scheduled sync does what was left undone',
    explanation:
      'The token has used its requests of this hour (1,000 a repository for the token of a workflow), or GitHub asked to slow down. Short waits are waited for; longer ones end the run, because every run reads everything again anyway.',
  },
  HIVE_GITHUB_UNAVAILABLE: {
    exitCode: 2,
    message: (data: Asked & { problem: string }) => `could not ${data.request}: ${data.problem}`,
    hint: 'look at githubstatus.com, then run the job again; the next event repeats it in any case',
    explanation:
      'GitHub answered with a server error, too late, or not at all, also after repeating the request. Nothing that was not written counts as passed.',
  },
  HIVE_GITHUB_ANSWER: {
    exitCode: 2,
    message: (data: Asked & { problem: string }) =>
      `could not understand the answer to ${data.request}: ${data.problem}`,
    hint: 'run the job again; where it happens again, please report it: the API may have changed',
    explanation:
      'The answer of GitHub, or of a proxy before it, lacks fields that its documentation promises. Guessing would decide about a merge, so the run ends.',
  },
  HIVE_GITHUB_TOKEN_MISSING: {
    exitCode: 2,
    message: (data: { mode: string }) => `could not start the mode ${data.mode}: no token was given, one is wanted`,
    hint: 'pass it in the workflow: with: { token: "${{ github.token }}" }',
    explanation:
      'The modes publish, command and sync read and write on GitHub and need a token. The mode gates needs none and should be given none.',
  },
  HIVE_ACTION_INPUT: {
    exitCode: 2,
    message: (data: { input: string; value: string; wanted: string }) =>
      `could not use the input ${data.input}: ${JSON.stringify(data.value.slice(0, 80))}, wanted ${data.wanted}`,
    hint: (data: { input: string }) =>
      `correct "${data.input}" under "with:" in the workflow; docs/github.md lists every input`,
    explanation: 'An input of the Action has a value that it does not take. Nothing was started.',
  },
  HIVE_ACTION_EVENT: {
    exitCode: 2,
    message: (data: { problem: string; wanted: string }) =>
      `could not read the event: ${data.problem}, wanted ${data.wanted}`,
    hint: 'start the Action from the workflows of docs/github.md, or set "mode" where another event should start it',
    explanation:
      'The Action chooses what to do by the event that started the workflow, and this event or its payload says nothing that it could act on.',
  },
} as const satisfies CataloguePart
