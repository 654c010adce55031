/** What the shells need to print outside text: through app, because shells know no feature. */
export { escapeLog } from '../report/neutralise.ts'
