import { registerAjvFormats, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import type { HttpConfig } from '#platform/config'
import type { Logger, Metrics } from '#platform/telemetry'
import { type Authenticate, guardRoutes } from './access.ts'
import { answerBrokenMessage, refuseDoubledHost } from './broken-message.ts'
import { declareCaching } from './caching.ts'
import { networkCheck } from './client-address.ts'
import { routeNotFound } from './http.errors.ts'
import type { HttpServer } from './http-types.ts'
import { httpsOptions, type ServerTls, serverBehind } from './listening-server.ts'
import { loadShedding } from './load-shedding/shed-load.ts'
import { describeRoutes } from './openapi.ts'
import { problemHandler } from './problem.ts'
import { nameTraces, recordRequest, requestId, requestLines } from './request-log.ts'
import { scopeRequests } from './request-scope.ts'
import { refuseUnsafeText } from './safe-text.ts'
import { sendSecurityHeaders } from './security-headers.ts'
import { validatorCompiler } from './validation.ts'

export interface HttpServerOptions {
  config: HttpConfig
  logger: Logger
  metrics: Metrics
  tracing: boolean
  authenticate: Authenticate
  /** The user of an access token that was lately found good, so that a guess costs nothing. */
  userOf?: (token: string) => string | undefined
  /** Serves HTTPS. */
  tls?: ServerTls
}

const MAX_BODY_BYTES = 1_048_576

/** A Fastify app with the house's rules on; domains register their routes on it. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { config, logger, metrics, tracing, authenticate, tls } = options
  const { userOf = () => undefined } = options
  registerAjvFormats()
  // Typed as Fastify's own logger: with pino's type, the app would not be an `HttpServer`.
  const loggerInstance: FastifyBaseLogger = logger
  const onProblem = problemHandler(config.publicUrl)
  const isTrustedProxy = networkCheck(config.trustedProxies)
  const shedding = loadShedding({ config, metrics, logger, isTrustedProxy, userOf })
  const records = { metrics, lines: requestLines(logger) }
  const app = Fastify({
    loggerInstance,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    genReqId: requestId,
    trustProxy: isTrustedProxy,
    bodyLimit: MAX_BODY_BYTES,
    // What the router itself refuses: a malformed path, a parameter without end. No hook runs then.
    frameworkErrors(error, request, reply) {
      reply.header('x-content-type-options', 'nosniff')
      void onProblem(error, request, reply)
      recordRequest(records, request, reply)
    },
    clientErrorHandler: answerBrokenMessage(config.publicUrl, logger),
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    https: tls === undefined ? null : httpsOptions(tls),
    serverFactory: serverBehind(shedding.gate, tls),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  // No operation takes plain text; with the parser there it would be read, then fail its schema.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(onProblem)
  app.setNotFoundHandler(() => {
    throw routeNotFound()
  })
  if (tracing) {
    const { FastifyOtelInstrumentation } = await import('@fastify/otel')
    // A span for each hook costs more than the request itself.
    const instrumentation = new FastifyOtelInstrumentation({ instrumentHooks: false })
    await app.register(instrumentation.plugin())
  }
  nameTraces(app)
  app.addHook('onResponse', (request, reply, done) => {
    recordRequest(records, request, reply)
    done()
  })
  shedding.install(app)
  sendSecurityHeaders(app)
  declareCaching(app)
  refuseDoubledHost(app)
  await describeRoutes(app, config.publicUrl)
  guardRoutes(app, authenticate)
  refuseUnsafeText(app)
  scopeRequests(app)
  return app
}
