import type { Repository } from '../types.ts'
import type { World } from '../world.ts'
import { type Json, nodeId, renderUser } from './account.ts'

const links = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
}

export function repositoryUrl(world: World, repo: Repository): string {
  return `${world.apiUrl}/repos/${repo.fullName}`
}

export function repositoryPage(repo: Repository): string {
  return `https://github.com/${repo.fullName}`
}

export function renderMinimalRepository(world: World, repo: Repository): Json {
  const url = repositoryUrl(world, repo)
  return {
    id: repo.id,
    node_id: nodeId('R', repo.id),
    name: repo.name,
    full_name: repo.fullName,
    private: repo.private,
    owner: renderUser(world, repo.owner),
    html_url: repositoryPage(repo),
    description: null,
    fork: repo.parent !== undefined,
    url,
    ...Object.fromEntries(Object.entries(links).map(([name, suffix]) => [name, url + suffix])),
  }
}

export function renderRepository(world: World, repo: Repository): Json {
  const open = [...repo.issues.values()].filter((issue) => issue.state === 'open').length
  const page = repositoryPage(repo)
  return {
    ...renderMinimalRepository(world, repo),
    git_url: page.replace('https:', 'git:') + '.git',
    ssh_url: `git@github.com:${repo.fullName}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repo.defaultBranch,
    visibility: repo.private ? 'private' : 'public',
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    open_issues: open,
    open_issues_count: open,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    created_at: repo.createdAt,
    updated_at: repo.createdAt,
    pushed_at: repo.createdAt,
    topics: [],
  }
}

export function renderFullRepository(world: World, repo: Repository): Json {
  return {
    ...renderRepository(world, repo),
    network_count: 0,
    subscribers_count: 0,
    ...(repo.parent !== undefined && {
      parent: renderRepository(world, repo.parent),
      source: renderRepository(world, repo.parent),
    }),
  }
}
