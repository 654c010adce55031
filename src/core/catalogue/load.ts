import type { CataloguePart } from './entry.ts'

export const loadErrors = {
  HIVE_LOAD_K6: {
    exitCode: 2,
    message: (data: { k6: string; problem: string }) => `could not start k6: ${data.k6}: ${data.problem}`,
    hint: 'run npx agent-hive doctor: it says which k6 is found and how to get one',
    explanation:
      'The load test is driven by k6 2.x. The program that was found or given could not be started at all, so nothing was measured.',
  },
  HIVE_LOAD_K6_EXIT: {
    exitCode: 2,
    message: (data: { exit: string; meaning: string; said: string }) =>
      `could not measure: k6 ended with ${data.exit} (${data.meaning}), wanted 0 or 99${data.said === '' ? '' : `; it said: ${data.said}`}`,
    hint: 'mend what k6 complains about, usually the script or the service, then run the load test again',
    explanation:
      'k6 ends with 0, or with 99 where a threshold of the script was crossed; only those two carry measurements. Every other code, and an end by a signal, means that the run was cut short, and what it had measured until then is discarded: a crash is never a result.',
  },
  HIVE_LOAD_STREAM: {
    exitCode: 2,
    message: (data: { line: number; problem: string }) =>
      `could not read the raw points of k6: line ${data.line}: ${data.problem}`,
    hint: 'check that K6_BIN is an unchanged k6 2.x, then run the load test again',
    explanation:
      'k6 hands over every measured point as a line of CSV. A line was truncated, too long or not of the form that its header announced, so that the points cannot be trusted to be complete.',
  },
  HIVE_LOAD_SHORT: {
    exitCode: 2,
    message: (data: { reachedS: number; wantedS: number }) =>
      `could not measure the whole time: points end after ${data.reachedS} s, wanted ${data.wantedS} s`,
    hint: 'remove what ends the script early (iterations, abortOnFail), or shorten the test with --duration',
    explanation:
      'k6 ended in order, but its points do not cover warm-up and measured time. Percentiles of a part would not be those of the test that was asked for.',
  },
  HIVE_LOAD_NO_WRITES: {
    exitCode: 2,
    message: (data: { script: string }) =>
      `could not measure: ${data.script} made no write request in the measured time, wanted http_req_duration points tagged op=write or of the scenario agents`,
    hint: 'tag the write requests of the script as docs/performance.md describes',
    explanation:
      'A load test without a single write proves nothing. Either the script never ran a request, or its requests do not carry the tag that tells writes apart.',
  },
  HIVE_LOAD_UNREACHABLE: {
    exitCode: 2,
    message: (data: { url: string; writes: number; reason: string }) =>
      `could not measure ${data.url}: 0 of ${data.writes} writes were answered (${data.reason})`,
    hint: 'start the service, check address and port, then run the load test again',
    explanation:
      'Not one write of the run got an answer, so that there was no service to measure: it is down, listens elsewhere, or hangs. A service that answers first and stops later is measured, and fails.',
  },
  HIVE_LOAD_NO_DELIVERIES: {
    exitCode: 2,
    message: (data: { script: string }) =>
      `could not measure deliveries: ${data.script} has no counter messages_delivered`,
    hint: 'count received messages in a Counter named messages_delivered, as docs/performance.md describes',
    explanation:
      'The rate that counts is that of messages which consumers received. The script never touched the counter; one that is set to 0 and stays there is a measurement, one that is missing is not.',
  },
  HIVE_LOAD_TIMEOUT: {
    exitCode: 2,
    message: (data: { limitS: number }) => `could not finish the load test: still running after ${data.limitS} s`,
    hint: 'shorten gracefulStop and setup of the script; a run may take 45 s longer than warm-up and duration',
    explanation: 'k6 did not end in time and was killed. Nothing that it had measured is used.',
  },
  HIVE_LOAD_OPTION: {
    exitCode: 2,
    message: (data: { option: string; value: string; wanted: string }) =>
      `could not use ${data.option}: ${data.value}, wanted ${data.wanted}`,
    hint: 'run npx agent-hive load --help',
    explanation: 'A setting of the load test is outside of what can be run. Nothing was started.',
  },
  HIVE_LOAD_TOKENS: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) => `could not read tokens from ${data.path}: ${data.problem}`,
    hint: 'give a JSON object of agent names and their bearer tokens, readable by you alone',
    explanation:
      'The agents of the load test authenticate with bearer tokens, which are read from a file so that they stand in no process list: `{ "agent-1": "…" }`, at most 64 kB.',
  },
} as const satisfies CataloguePart
