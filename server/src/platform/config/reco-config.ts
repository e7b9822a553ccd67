import type { EnvReader } from './env-reader.ts'

/** Files of PEM text; read when the process starts. */
export interface TlsFiles {
  certFile: string
  keyFile: string
  /** Whom to believe. A server with it demands a certificate of its clients. */
  caFile: string | undefined
}

/** Recommendations served by processes of their own. */
export interface RecoConfig {
  /** Where the API finds them; undefined when it makes them itself. */
  remoteUrl: string | undefined
  /** Where the role `reco` listens. */
  host: string
  port: number
  metricsPort: number
  /** What it proves itself with; undefined for plain HTTP. */
  tls: TlsFiles | undefined
  /** What the API proves itself with. */
  clientTls: Partial<TlsFiles>
}

const PORTS = { min: 0, max: 65_535 }

export function readReco(env: EnvReader, apiPort: number): RecoConfig {
  const after = (offset: number) => (apiPort === 0 ? 0 : apiPort + offset)
  return {
    remoteUrl: env.text('RECO_URL') === undefined ? undefined : env.url('RECO_URL', ''),
    host: env.text('RECO_HOST') ?? '127.0.0.1',
    port: env.integer('RECO_PORT', after(3), PORTS),
    metricsPort: env.integer('METRICS_PORT', after(4), PORTS),
    tls: readServerTls(env),
    clientTls: readClientTls(env),
  }
}

function readServerTls(env: EnvReader): TlsFiles | undefined {
  const certFile = env.text('RECO_TLS_CERT_FILE')
  const keyFile = env.text('RECO_TLS_KEY_FILE')
  const caFile = env.text('RECO_TLS_CA_FILE')
  if (certFile === undefined && keyFile === undefined && caFile === undefined) return undefined
  return {
    certFile: env.required('RECO_TLS_CERT_FILE', 'it goes with RECO_TLS_KEY_FILE'),
    keyFile: env.required('RECO_TLS_KEY_FILE', 'it goes with RECO_TLS_CERT_FILE'),
    caFile,
  }
}

function readClientTls(env: EnvReader): Partial<TlsFiles> {
  const certFile = env.text('RECO_CLIENT_CERT_FILE')
  const keyFile = env.text('RECO_CLIENT_KEY_FILE')
  const caFile = env.text('RECO_CLIENT_CA_FILE')
  if ((certFile === undefined) !== (keyFile === undefined)) {
    env.fault('RECO_CLIENT_CERT_FILE', 'and RECO_CLIENT_KEY_FILE go together')
  }
  return {
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
    ...(caFile !== undefined && { caFile }),
  }
}
