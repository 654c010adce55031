/** What agents of a hive say to each other: the `type` attribute of the event. */
export const messageTypes = [
  'hive.task.assignment',
  'hive.status.update',
  'hive.coordination',
  'hive.heartbeat',
  'hive.error.report',
  'hive.resource.request',
  'hive.completion.notice',
  'hive.broadcast',
  'hive.information.share',
  'hive.notification',
  'hive.request',
  'hive.reply',
] as const

export type MessageType = (typeof messageTypes)[number]
