import type { CataloguePart } from './entry.ts'

export const messagingErrors = {} as const satisfies CataloguePart
