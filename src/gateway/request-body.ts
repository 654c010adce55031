import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { fault } from '../core/index.ts'
import { limits, parseJson } from '../protocol/index.ts'

const mediaType = /^application\/(?:json|cloudevents\+json)\s*(?:;\s*charset=utf-8\s*)?$/i

/**
 * Reads a JSON body of at most 256 KiB.
 *
 * @throws HIVE_GATEWAY_REQUEST (415), HIVE_MESSAGE_TOO_LARGE (413), HIVE_MESSAGE_INVALID (400)
 */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type']
  if (type === undefined || !mediaType.test(type)) {
    throw fault('HIVE_GATEWAY_REQUEST', {
      problem: 'the content type is not application/json or application/cloudevents+json in UTF-8',
      status: 415,
    })
  }
  if (Number(request.headers['content-length'] ?? 0) > limits.eventBytes) throw tooLarge()
  const body = await collect(request)
  if (!isUtf8(body)) throw fault('HIVE_MESSAGE_INVALID', { problem: 'the body is not UTF-8' })
  return parseJson(body.toString('utf8'))
}

function collect(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limits.eventBytes) {
        request.pause()
        reject(tooLarge())
        return
      }
      chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => {
      // Also comes after every complete request, where an error object would cost more than reading the body.
      if (!request.complete) reject(fault('HIVE_GATEWAY_REQUEST', { problem: 'the connection was closed' }))
    })
  })
}

function tooLarge(): Error {
  return fault('HIVE_MESSAGE_TOO_LARGE', { limitBytes: limits.eventBytes })
}
