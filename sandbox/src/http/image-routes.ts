import type { FastifyInstance } from 'fastify'
import { fractionOf } from '../random/random.ts'
import { single, wholeNumber } from './parameters.ts'

const LARGEST_PX = 1_000

function drawing(id: string, sizePx: number): string {
  const hue = Math.floor(fractionOf(`hue\0${id}`) * 360)
  const turn = Math.floor(fractionOf(`turn\0${id}`) * 90)
  const radius = 12 + Math.floor(fractionOf(`radius\0${id}`) * 24)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sizePx}" height="${sizePx}" viewBox="0 0 100 100"><defs><linearGradient id="g" gradientTransform="rotate(${turn})"><stop stop-color="hsl(${hue} 55% 32%)"/><stop offset="1" stop-color="hsl(${(hue + 70) % 360} 60% 58%)"/></linearGradient></defs><rect width="100" height="100" fill="url(#g)"/><circle cx="${30 + radius}" cy="${70 - radius}" r="${radius}" fill="hsl(${(hue + 180) % 360} 70% 70% / .55)"/></svg>`
}

/** Covers and portraits: one abstract drawing for an id, so that no picture of others is needed. */
export async function imageRoutes(app: FastifyInstance) {
  app.get('/:id/:file', (request, reply) => {
    const { id = '', file = '' } = single(request.params)
    const sizePx = wholeNumber(file.replace(/\.svg$/, ''), 1, LARGEST_PX)
    if (sizePx === undefined || !/^\w{1,40}$/.test(id)) return reply.code(404).send()
    return reply
      .type('image/svg+xml')
      .header('cache-control', 'public, max-age=86400')
      .send(drawing(id, sizePx))
  })
}
