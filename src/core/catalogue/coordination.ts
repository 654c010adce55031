import type { CataloguePart } from './entry.ts'

export const coordinationErrors = {
  HIVE_POLICY_MISSING: {
    exitCode: 2,
    message: (data: { path: string }) => `could not read the policy: the default branch has no ${data.path}`,
    hint: 'merge a hive.yml into the default branch first; gates already run and report without it',
    explanation:
      'Who may approve, what is required and which targets count is read from hive.yml of the default branch alone, so that a pull request cannot change the rules it is judged by. Before that file is merged nothing can be published as passed.',
  },
} as const satisfies CataloguePart
