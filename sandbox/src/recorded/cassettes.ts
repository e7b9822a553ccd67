import { readFileSync } from 'node:fs'
import { isObject, numberOf, objectsOf, textOf } from './json.ts'

/** One answer as it went over the wire; the URL is unknown where only the body was kept. */
export interface RecordedAnswer {
  readonly url: URL | undefined
  readonly status: number
  readonly body: unknown
}

function answerOf(interaction: Record<string, unknown>): RecordedAnswer[] {
  const { request, response } = interaction
  if (!isObject(request) || !isObject(response)) return []
  const { status, body } = response
  if (!isObject(status) || !isObject(body)) return []
  const url = textOf(request['uri'])
  if (!URL.canParse(url)) return []
  return [
    {
      url: new URL(url),
      status: numberOf(status['code']),
      body: JSON.parse(textOf(body['string'])),
    },
  ]
}

/** Reads VCR cassettes (https://github.com/vcr/vcr): YAML files of recorded HTTP interactions. */
export async function readCassettes(paths: readonly string[]): Promise<RecordedAnswer[]> {
  // Loaded here because nothing but recorded mode needs a YAML reader.
  const { parse } = await import('yaml')
  return paths.flatMap((path) => {
    const cassette: unknown = parse(readFileSync(path, 'utf8'))
    return isObject(cassette) ? objectsOf(cassette['http_interactions']).flatMap(answerOf) : []
  })
}
