import type { CataloguePart } from './entry.ts'

export const githubErrors = {} as const satisfies CataloguePart
