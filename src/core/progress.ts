/**
 * What long work says of itself while it runs. Work that cannot know its total leaves it out.
 * Reports go to stderr or a live line; they are never the record of what happened.
 */
export interface Progress {
  /** What is done now, in a few words: "copy messages.db". */
  readonly step: string
  readonly done?: number
  readonly total?: number
  /** What `done` counts: "rows", "requests". */
  readonly unit?: string
}

export type ReportProgress = (progress: Progress) => void

export const ignoreProgress: ReportProgress = () => {}
