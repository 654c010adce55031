import type { CataloguePart } from './entry.ts'

export const proofErrors = {
  HIVE_PROFILE_FILE: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) => `could not read the profile ${data.path}: ${data.problem}`,
    hint: 'write it beside the data with npx agent-hive db inspect SQLITE --profile FILE, and commit it',
    explanation: 'The profile is missing, over 64 MB, no JSON, or does not have the fields of schema version 1.',
  },
  HIVE_PROFILE_ROWS: {
    exitCode: 2,
    message: (data: { path: string; source: string; problem: string }) =>
      `could not make rows for ${data.source} from the profile ${data.path}: ${data.problem}`,
    hint: 'write the profile again with the same version of Agent Hive; if it stays, report it as a defect',
    explanation:
      'The gate makes up rows that look like those of the profile. SQLite refused the schema that the profile describes: the profile was edited, or uses something of SQLite that is not known here.',
  },
  HIVE_PROOF_FILE: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) => `could not read the proof ${data.path}: ${data.problem}`,
    hint: 'write it beside the data with npx agent-hive db verify SQLITE --to URL --proof FILE, and commit it',
    explanation: 'The proof is missing, over 64 MB, no JSON, or does not have the fields of schema version 1.',
  },
  HIVE_PROOF_KEY: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) => `could not use the proof key ${data.path}: ${data.problem}`,
    hint: 'name another file with --key FILE; where it is missing it is made, readable by you alone',
    explanation:
      'Profiles and proofs are keyed and signed with a secret that stays beside the data. The file cannot be read or written, or it holds something else.',
  },
  HIVE_PROOF_SIGNATURE: {
    exitCode: 1,
    message: (data: { path: string }) =>
      `could not trust the proof ${data.path}: its signature does not fit its content`,
    hint: 'write it again beside the data with npx agent-hive db verify SQLITE --to URL --proof FILE',
    explanation: 'Something in the proof was changed after it was signed.',
  },
  HIVE_PROOF_SIGNER: {
    exitCode: 1,
    message: (data: { path: string; found: string; wanted: string }) =>
      `could not trust the proof ${data.path}: signed by ${data.found}, wanted ${data.wanted}`,
    hint: 'let whoever holds that key write the proof, or change signer under migration.sources in hive.yml in a reviewed commit',
    explanation: 'hive.yml names the key whose proofs count, and this proof was signed with another one.',
  },
  HIVE_PROOF_TOOL: {
    exitCode: 1,
    message: (data: { path: string; found: string; wanted: string }) =>
      `could not accept the proof ${data.path}: made by version ${data.found}, wanted ${data.wanted}`,
    hint: 'write profile and proof again with the version that the gate runs',
    explanation: 'A proof counts for the version that made it: another version may plan or compare in another way.',
  },
  HIVE_PROOF_SOURCE: {
    exitCode: 1,
    message: (data: { path: string; source: string; problem: string }) =>
      `could not accept the proof ${data.path} for ${data.source}: it proves ${data.problem}`,
    hint: 'stop the writers, then write profile and proof of one state of the file with one key',
    explanation:
      'Profile and proof name the snapshot that they were made from. They differ where the file changed in between, where another key was used, or where the profile was edited.',
  },
  HIVE_PROOF_PLAN: {
    exitCode: 1,
    message: (data: { path: string; source: string; found: string; wanted: string }) =>
      `could not accept the proof ${data.path} for ${data.source}: it proves the plan ${data.found}, wanted ${data.wanted}`,
    hint: 'copy with the decisions of hive.yml, then write the proof again',
    explanation:
      'The copy that was proved used other types, conversions or decisions than the plan that the gate makes from the profile and hive.yml. A copy into tables of an application has a plan of its own and cannot be proved this way.',
  },
  HIVE_PROOF_TABLES: {
    exitCode: 1,
    message: (data: { path: string; source: string; problem: string }) =>
      `could not accept the proof ${data.path} for ${data.source}: ${data.problem}`,
    hint: 'write the proof again over all tables with npx agent-hive db verify SQLITE --to URL --proof FILE',
    explanation: 'The proof does not cover every row of every planned table that the profile counts.',
  },
} as const satisfies CataloguePart
