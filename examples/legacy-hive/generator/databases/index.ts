import type { DatabaseDefinition } from '../builder.ts'
import { accountability } from './accountability.ts'
import { agentState } from './agent-state.ts'
import { analytics } from './analytics.ts'
import { audit } from './audit.ts'
import { backlog } from './backlog.ts'
import { conversations } from './conversations.ts'
import { prompts } from './dashboard.ts'
import { memory } from './memory.ts'
import { metrics } from './metrics.ts'
import { health, security } from './monitoring.ts'
import { workflow } from './workflow.ts'

/** All databases of the hive, in the order in which they are written. */
export const databases: readonly DatabaseDefinition[] = [
  agentState,
  memory,
  accountability,
  analytics,
  audit,
  backlog,
  conversations,
  prompts,
  metrics,
  health,
  security,
  workflow,
]
