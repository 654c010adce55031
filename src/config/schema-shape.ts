import type { $ZodType, $ZodTypes } from 'zod/v4/core'
import type { ValuePath } from './issue.ts'

/** The keys that the schema knows at a place, to suggest one for a key that it does not know. */
export function knownKeys(schema: $ZodType, path: ValuePath): readonly string[] {
  let places: readonly $ZodType[] = [schema]
  for (const segment of path) places = places.flatMap((place) => step(place, segment))
  return places.flatMap((place) =>
    unwrap(place).flatMap(({ _zod: { def } }) => (def.type === 'object' ? Object.keys(def.shape) : [])),
  )
}

/** Looks through `optional` and into the branches of a union. */
function unwrap(schema: $ZodType): readonly $ZodTypes[] {
  const known = schema as $ZodTypes
  const { def } = known._zod
  if (def.type === 'optional') return unwrap(def.innerType)
  if (def.type === 'union') return def.options.flatMap((option) => unwrap(option))
  return [known]
}

function step(schema: $ZodType, segment: string | number): readonly $ZodType[] {
  return unwrap(schema).flatMap(({ _zod: { def } }) => {
    if (def.type === 'object') {
      const value = Object.hasOwn(def.shape, segment) ? def.shape[segment] : undefined
      return value === undefined ? [] : [value]
    }
    if (def.type === 'record') return [def.valueType]
    if (def.type === 'array') return [def.element]
    return []
  })
}
