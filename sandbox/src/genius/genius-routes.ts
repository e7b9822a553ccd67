import type { FastifyInstance } from 'fastify'
import { originOf } from '../http/origin.ts'
import { single, wholeNumber } from '../http/parameters.ts'
import type { GeniusSource, TextFormat } from './genius-source.ts'

export interface GeniusDependencies {
  readonly source: GeniusSource
  readonly token: string
}

const DEFAULT_PER_PAGE = 10
const MOST_PER_PAGE = 20
const LAST_PAGE = 1_000
const NO_TOKEN = 'This call requires an access_token. Please see: https://genius.com/developers'
const BAD_TOKEN =
  'The access token provided is expired, revoked, malformed or invalid for other reasons.'

function textFormat(value: string | undefined): TextFormat {
  return value === 'plain' || value === 'html' ? value : 'dom'
}

/** The body of a Genius fault. */
export function geniusErrorBody(status: number, message: string) {
  return { meta: { status, message } }
}

/** Search and songs of Genius; the token comes as Bearer or as `access_token`, as with Genius. */
export async function geniusRoutes(app: FastifyInstance, { source, token }: GeniusDependencies) {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(geniusErrorBody(404, '404 Not Found')),
  )
  app.setErrorHandler((_error, _request, reply) =>
    reply.code(500).send(geniusErrorBody(500, 'Internal Server Error')),
  )
  app.addHook('preHandler', async (request, reply) => {
    const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const given = bearer ?? single(request.query)['access_token']
    if (given === token) return
    if (given === undefined) await reply.code(401).send(geniusErrorBody(401, NO_TOKEN))
    else await reply.code(401).send({ error: 'invalid_token', error_description: BAD_TOKEN })
  })

  app.get('/search', (request) => {
    const { q = '', per_page: perPage = '', page = '' } = single(request.query)
    const wanted = {
      page: wholeNumber(page, 1, LAST_PAGE) ?? 1,
      perPage: wholeNumber(perPage, 1, MOST_PER_PAGE) ?? DEFAULT_PER_PAGE,
    }
    const hits = q.trim() === '' ? [] : source.hits(q, wanted, originOf(request))
    return { meta: { status: 200 }, response: { hits } }
  })

  app.get('/songs/:id', (request, reply) => {
    const format = textFormat(single(request.query)['text_format'])
    const song = source.song(single(request.params)['id'] ?? '', format, originOf(request))
    if (song === undefined) return reply.code(404).send(geniusErrorBody(404, '404 Not Found'))
    return { meta: { status: 200 }, response: { song } }
  })
}
