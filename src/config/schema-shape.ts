import type { $ZodType, $ZodTypes } from 'zod/v4/core'
import type { ValuePath } from './issue.ts'

type Definition = $ZodTypes['_zod']['def']

/** The keys that the schema knows at a place, to suggest one for a key that it does not know. */
export function knownKeys(schema: $ZodType, path: ValuePath): readonly string[] {
  let places: readonly $ZodType[] = [schema]
  for (const segment of path) places = places.flatMap((place) => step(place, segment))
  return places.flatMap(definitionsOf).flatMap((def) => (def.type === 'object' ? Object.keys(def.shape) : []))
}

/** Looks through `optional` and into the branches of a union. */
function definitionsOf(schema: $ZodType): readonly Definition[] {
  // Every schema of zod/mini has its definition under this name.
  const { def } = schema as unknown as { readonly def: Definition }
  if (def.type === 'optional') return definitionsOf(def.innerType)
  if (def.type === 'union') return def.options.flatMap(definitionsOf)
  return [def]
}

function step(schema: $ZodType, segment: string | number): readonly $ZodType[] {
  return definitionsOf(schema).flatMap((def) => {
    if (def.type === 'object') {
      const value = Object.hasOwn(def.shape, segment) ? def.shape[segment] : undefined
      return value === undefined ? [] : [value]
    }
    if (def.type === 'record') return [def.valueType]
    if (def.type === 'array') return [def.element]
    return []
  })
}
