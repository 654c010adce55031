import { expect, test } from 'vitest'
import { foldApprovals } from './approvals.ts'
import { at, attacks, eve, head, pat, policy, type Said } from './attacks.fixture.ts'
import { attackTexts } from './attack-texts.fixture.ts'
import type { CommentFacts } from './facts.ts'

let nextId = 0
function commentOf({ body, at: second = 60, edited, ...part }: Said): CommentFacts {
  nextId += 1
  const createdAt = at(second)
  return {
    id: nextId,
    author: pat,
    viaApp: false,
    body,
    createdAt,
    updatedAt: at(edited ?? second),
    thumbsUp: 0,
    ...part,
  }
}

test.each([...attacks, ...attackTexts])(
  '$name comes to $comes',
  ({ says, timeline, subject, policy: rules, comes }) => {
    const comments = says.map(commentOf)
    const state = foldApprovals(
      { ...policy, ...rules },
      {
        headSha: head,
        presentedAt: at(0),
        behind: [eve.id],
        unknownIdentities: [],
        changesComplete: true,
        pusherKnown: true,
        timeline: { comments, deletedAt: [], baseChangedAt: [], readyAt: [], ...timeline },
        acceptedUnder: new Map(),
        run: 7,
        answering: comments.at(-1)?.id ?? 0,
        now: new Date(at(600)),
        ...subject,
      },
    )
    const last = state.outcomes.at(-1)
    expect(last?.kind === 'refused' ? last.refusal.code : (last?.kind ?? 'nothing')).toBe(comes)
    expect(state.approvals).toEqual([])
    expect(state.overrides).toEqual([])
    expect(state.retests).toEqual([])
  },
)
