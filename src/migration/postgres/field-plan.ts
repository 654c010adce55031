import { convertBy, mappingFor, type Convert, type Mapping } from '../conversions.ts'
import type { PlanColumn } from '../documents.ts'

/** How a planned column is filled. */
export interface FieldPlan extends Mapping {
  readonly convert: Convert
  /** By decision, what does not fit becomes NULL; else its row is refused. */
  readonly misfitIsNull: boolean
}

export function fieldPlan(column: PlanColumn): FieldPlan {
  const mapping = mappingFor(column.type, column.conversion)
  if (mapping === undefined) throw new Error(`the plan asks for ${column.type} by ${column.conversion}`)
  return { ...mapping, convert: convertBy(mapping), misfitIsNull: column.misfit === 'null' }
}
