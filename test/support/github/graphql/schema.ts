/**
 * The part of GitHub's GraphQL schema that Agent Hive may ask for. `Type(arguments)`, `[Type]` for a list; scalars are
 * the names in `scalars`. Written by hand after GitHub's documentation.
 */

const page = 'first,after,last,before'
const issueLike = {
  id: 'ID',
  databaseId: 'Int',
  number: 'Int',
  title: 'String',
  body: 'String',
  url: 'URI',
  state: 'Enum',
  createdAt: 'DateTime',
  updatedAt: 'DateTime',
  closedAt: 'DateTime',
  author: 'Actor',
  comments: `IssueCommentConnection(${page},orderBy)`,
  labels: `LabelConnection(${page},orderBy)`,
}

function connection(node: string): Readonly<Record<string, string>> {
  return { nodes: `[${node}]`, edges: `[${node}Edge]`, pageInfo: 'PageInfo', totalCount: 'Int' }
}

const event = { id: 'ID', createdAt: 'DateTime', actor: 'Actor' }
const connected = [
  'IssueComment',
  'Label',
  'PullRequest',
  'Issue',
  'Commit',
  'PullRequestCommit',
  'MergeQueueEntry',
  'GitActor',
] as const
const account = { login: 'String', url: 'URI', avatarUrl: 'URI', resourcePath: 'URI' }

export const types: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Query: {
    repository: 'Repository(owner,name,followRenames)',
    node: 'Node(id)',
    viewer: 'User',
    rateLimit: 'RateLimit',
  },
  Mutation: {
    pinIssue: 'PinIssuePayload(input)',
    unpinIssue: 'PinIssuePayload(input)',
    minimizeComment: 'MinimizeCommentPayload(input)',
    unminimizeComment: 'MinimizeCommentPayload(input)',
  },
  PinIssuePayload: { clientMutationId: 'String', issue: 'Issue' },
  MinimizeCommentPayload: {
    clientMutationId: 'String',
    minimizedComment: 'IssueComment',
    unminimizedComment: 'IssueComment',
  },
  RateLimit: { limit: 'Int', cost: 'Int', remaining: 'Int', used: 'Int', resetAt: 'DateTime' },
  Repository: {
    id: 'ID',
    databaseId: 'Int',
    name: 'String',
    nameWithOwner: 'String',
    isPrivate: 'Boolean',
    owner: 'Actor',
    defaultBranchRef: 'Ref',
    ref: 'Ref(qualifiedName)',
    object: 'GitObject(oid,expression)',
    issue: 'Issue(number)',
    pullRequest: 'PullRequest(number)',
    issueOrPullRequest: 'IssueOrPullRequest(number)',
    issues: `IssueConnection(${page},states,labels,orderBy)`,
    pullRequests: `PullRequestConnection(${page},states,headRefName,baseRefName,orderBy)`,
    mergeQueue: 'MergeQueue(branch)',
  },
  Ref: { id: 'ID', name: 'String', prefix: 'String', target: 'GitObject' },
  Commit: {
    id: 'ID',
    oid: 'GitObjectID',
    message: 'String',
    messageHeadline: 'String',
    authoredDate: 'DateTime',
    committedDate: 'DateTime',
    author: 'GitActor',
    committer: 'GitActor',
    authors: `GitActorConnection(${page})`,
    parents: `CommitConnection(${page})`,
    tree: 'Tree',
  },
  Tree: { id: 'ID', oid: 'GitObjectID' },
  Blob: { id: 'ID', oid: 'GitObjectID', text: 'String', byteSize: 'Int', isBinary: 'Boolean', isTruncated: 'Boolean' },
  GitActor: { name: 'String', email: 'String', date: 'DateTime', user: 'User' },
  Issue: {
    ...issueLike,
    isPinned: 'Boolean',
    timelineItems: `IssueTimelineItemsConnection(${page},since,itemTypes,skip)`,
  },
  PullRequest: {
    ...issueLike,
    timelineItems: `PullRequestTimelineItemsConnection(${page},since,itemTypes,skip)`,
    headRefName: 'String',
    headRefOid: 'GitObjectID',
    baseRefName: 'String',
    baseRefOid: 'GitObjectID',
    headRepository: 'Repository',
    isCrossRepository: 'Boolean',
    isDraft: 'Boolean',
    merged: 'Boolean',
    mergedAt: 'DateTime',
    commits: `PullRequestCommitConnection(${page})`,
  },
  IssueComment: {
    id: 'ID',
    databaseId: 'Int',
    fullDatabaseId: 'BigInt',
    body: 'String',
    url: 'URI',
    author: 'Actor',
    authorAssociation: 'Enum',
    createdAt: 'DateTime',
    updatedAt: 'DateTime',
    publishedAt: 'DateTime',
    lastEditedAt: 'DateTime',
    includesCreatedEdit: 'Boolean',
    editor: 'Actor',
    isMinimized: 'Boolean',
    minimizedReason: 'String',
  },
  Label: { id: 'ID', name: 'String', color: 'String' },
  PullRequestCommit: { id: 'ID', commit: 'Commit', url: 'URI' },
  CommentDeletedEvent: { ...event, databaseId: 'Int', deletedCommentAuthor: 'Actor' },
  ClosedEvent: event,
  ReopenedEvent: event,
  LabeledEvent: { ...event, label: 'Label' },
  UnlabeledEvent: { ...event, label: 'Label' },
  HeadRefForcePushedEvent: { ...event, beforeCommit: 'Commit', afterCommit: 'Commit' },
  BaseRefChangedEvent: { ...event, databaseId: 'Int', previousRefName: 'String', currentRefName: 'String' },
  User: { ...account, id: 'ID', databaseId: 'Int', name: 'String', email: 'String' },
  Bot: { ...account, id: 'ID', databaseId: 'Int' },
  Organization: { ...account, id: 'ID', databaseId: 'Int', name: 'String' },
  Actor: account,
  GitObject: { id: 'ID', oid: 'GitObjectID' },
  Node: { id: 'ID' },
  IssueOrPullRequest: {},
  IssueTimelineItems: {},
  PullRequestTimelineItems: {},
  MergeQueue: { id: 'ID', url: 'URI', entries: `MergeQueueEntryConnection(${page})` },
  MergeQueueEntry: {
    id: 'ID',
    position: 'Int',
    state: 'Enum',
    enqueuedAt: 'DateTime',
    headCommit: 'Commit',
    baseCommit: 'Commit',
    pullRequest: 'PullRequest',
  },
  PageInfo: { hasNextPage: 'Boolean', hasPreviousPage: 'Boolean', startCursor: 'String', endCursor: 'String' },
  ...Object.fromEntries(
    [...connected, 'IssueTimelineItems', 'PullRequestTimelineItems'].flatMap((node) => [
      [`${node}Connection`, { ...connection(node), ...(node.endsWith('Items') && { filteredCount: 'Int' }) }],
      [`${node}Edge`, { cursor: 'String', node }],
    ]),
  ),
}

export const scalars: ReadonlySet<string> = new Set([
  'ID',
  'Int',
  'BigInt',
  'String',
  'Boolean',
  'DateTime',
  'URI',
  'Enum',
  'GitObjectID',
])

const issueEvents = [
  'IssueComment',
  'CommentDeletedEvent',
  'ClosedEvent',
  'ReopenedEvent',
  'LabeledEvent',
  'UnlabeledEvent',
]

/** Which concrete types an interface or union may be. */
export const possibleTypes: Readonly<Record<string, readonly string[]>> = {
  Actor: ['User', 'Bot', 'Organization'],
  GitObject: ['Commit', 'Tree', 'Blob'],
  Node: ['Issue', 'PullRequest', 'IssueComment', 'Repository'],
  IssueOrPullRequest: ['Issue', 'PullRequest'],
  IssueTimelineItems: issueEvents,
  PullRequestTimelineItems: [...issueEvents, 'PullRequestCommit', 'HeadRefForcePushedEvent', 'BaseRefChangedEvent'],
}

export interface FieldType {
  readonly type: string
  readonly args: readonly string[]
}

export function fieldOf(type: string, name: string): FieldType | undefined {
  if (name === '__typename') return { type: 'String', args: [] }
  const text = types[type]?.[name]
  const [, found = '', args = ''] = /^\[?(\w+)\]?(?:\((.*)\))?$/.exec(text ?? '') ?? []
  return text === undefined ? undefined : { type: found, args: args === '' ? [] : args.split(',') }
}
