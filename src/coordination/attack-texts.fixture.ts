import { head, type Attack } from './attacks.fixture.ts'

const full = `/approve ${head}`
const old = 'b'.repeat(40)

/** Texts that look like an approval to somebody, and are none. */
export const attackTexts: readonly Attack[] = [
  // How it is written.
  { name: 'a homoglyph', says: [{ body: '/аpprove' }], comes: 'nothing' },
  { name: 'a full-width slash', says: [{ body: '／approve' }], comes: 'nothing' },
  { name: 'a bidirectional override before it', says: [{ body: '\u202E/approve' }], comes: 'nothing' },
  { name: 'a zero-width space in it', says: [{ body: '/app\u200Brove' }], comes: 'COMMAND_UNKNOWN' },
  { name: 'a line separator before it', says: [{ body: 'no\u2028/approve' }], comes: 'nothing' },
  { name: 'a character reference', says: [{ body: '&#47;approve' }], comes: 'nothing' },
  { name: 'a hidden comment', says: [{ body: `fine <!-- \n${full}\n-->` }], comes: 'nothing' },
  { name: 'a fence of tildes', says: [{ body: `~~~~\n${full}\n~~~\n${full}` }], comes: 'nothing' },
  { name: 'a fence that never ends', says: [{ body: `\`\`\`\n${full}` }], comes: 'nothing' },
  { name: 'a quote of what somebody asked for', says: [{ body: `> ${full}\n\nno` }], comes: 'nothing' },
  { name: 'the next line of a quote', says: [{ body: `> please\n${full}` }], comes: 'nothing' },
  { name: 'a folded block', says: [{ body: `<details>\n${full}\n</details>` }], comes: 'nothing' },
  { name: 'a table', says: [{ body: `| a |\n|---|\n| ${full} |` }], comes: 'nothing' },
  { name: 'an item of a list', says: [{ body: `- [x] ${full}` }], comes: 'nothing' },
  { name: 'a heading below it', says: [{ body: `${full}\n===` }], comes: 'nothing' },
  { name: '65,537 characters', says: [{ body: `${full}\n\n${'x'.repeat(65_537)}` }], comes: 'nothing' },
  { name: 'more words', says: [{ body: `${full} acceptance please` }], comes: 'COMMAND_MALFORMED' },
  { name: 'two commits', says: [{ body: `/approve ${head} ${old}` }], comes: 'GATE_NOT_APPROVABLE' },
  { name: 'an edit of another attempt', says: [{ body: '/retest', edited: 61 }], comes: 'COMMENT_EDITED' },
]
